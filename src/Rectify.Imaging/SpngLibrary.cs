using System.Runtime.InteropServices;

namespace Rectify.Imaging;

/// <summary>The functions of libspng (0.7) that decoding needs.</summary>
internal static partial class SpngLibrary
{
    /// <summary>The name that the imports use.</summary>
    public const string Name = "spng";

    /// <summary>SPNG_FMT_RGB8: three bytes a pixel, whatever the file has; transparency is dropped.</summary>
    public const int FormatRgb8 = 4;

    static SpngLibrary() => NativeLibraries.Register();

    /// <summary>Names and places under which the library is found.</summary>
    public static ReadOnlySpan<string> Candidates =>
        new[]
        {
            "libspng.so.0", "libspng.so", "libspng.dylib", "libspng.0.dylib", "/opt/homebrew/opt/libspng/lib/libspng.dylib",
            "/usr/local/opt/libspng/lib/libspng.dylib", "spng.dll", "libspng.dll",
        };

    [LibraryImport(Name, EntryPoint = "spng_ctx_new")]
    public static partial nint NewContext(int flags);

    [LibraryImport(Name, EntryPoint = "spng_ctx_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Name, EntryPoint = "spng_set_image_limits")]
    public static partial int SetImageLimits(nint context, uint width, uint height);

    [LibraryImport(Name, EntryPoint = "spng_set_chunk_limits")]
    public static partial int SetChunkLimits(nint context, nuint chunk, nuint all);

    [LibraryImport(Name, EntryPoint = "spng_set_png_buffer")]
    public static unsafe partial int SetBuffer(nint context, byte* file, nuint length);

    [LibraryImport(Name, EntryPoint = "spng_get_ihdr")]
    public static partial int GetHeader(nint context, out Header header);

    [LibraryImport(Name, EntryPoint = "spng_decode_image")]
    public static unsafe partial int Decode(nint context, byte* pixels, nuint length, int format, int flags);

    [LibraryImport(Name, EntryPoint = "spng_strerror")]
    public static partial nint ErrorString(int error);

    /// <summary>struct spng_ihdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Header
    {
        /// <summary>Pixels in a row.</summary>
        public uint Width;

        /// <summary>Rows.</summary>
        public uint Height;

        /// <summary>Bits of a sample.</summary>
        public byte BitDepth;

        /// <summary>Grey, RGB, palette, with or without alpha.</summary>
        public byte ColorType;

        /// <summary>Always 0.</summary>
        public byte CompressionMethod;

        /// <summary>Always 0.</summary>
        public byte FilterMethod;

        /// <summary>0 or 1 (Adam7).</summary>
        public byte InterlaceMethod;
    }
}
