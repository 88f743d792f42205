using System.Runtime.InteropServices;

namespace Rectify.Imaging;

/// <summary>The functions of libturbojpeg that decoding and encoding need: the TurboJPEG 2 API, which version 3 of the library still has.</summary>
internal static partial class TurboJpegLibrary
{
    /// <summary>tjGetErrorCode: the picture could be decoded, but something was amiss.</summary>
    public const int Warning = 0;

    /// <summary>TJCS_CMYK.</summary>
    public const int ColorspaceCmyk = 3;

    /// <summary>TJCS_YCCK.</summary>
    public const int ColorspaceYcck = 4;

    /// <summary>TJPF_RGB.</summary>
    public const int FormatRgb = 0;

    /// <summary>TJPF_CMYK.</summary>
    public const int FormatCmyk = 11;

    /// <summary>TJFLAG_LIMITSCANS: more than 500 scans are an attack on time. Versions before 2.1 do not know it and ignore it.</summary>
    public const int FlagLimitScans = 32768;

    /// <summary>TJSAMP_420: a chroma sample for four pixels.</summary>
    public const int Subsampling420 = 2;

    /// <summary>TJFLAG_NOREALLOC: the buffer for the file is the caller's.</summary>
    public const int FlagNoReallocation = 1024;

    /// <summary>The name that the imports use.</summary>
    public const string Name = "turbojpeg";

    static TurboJpegLibrary() => NativeLibraries.Register();

    /// <summary>Names and places under which the library is found.</summary>
    public static ReadOnlySpan<string> Candidates =>
        new[]
        {
            "libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.dylib", "libturbojpeg.0.dylib", "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib",
            "/usr/local/opt/jpeg-turbo/lib/libturbojpeg.dylib", "turbojpeg.dll", "libturbojpeg.dll", @"C:\libjpeg-turbo64\bin\turbojpeg.dll",
        };

    [LibraryImport(Name, EntryPoint = "tjInitDecompress")]
    public static partial nint InitDecompress();

    [LibraryImport(Name, EntryPoint = "tjDecompressHeader3")]
    public static unsafe partial int DecompressHeader(
        nint handle, byte* file, CULong length, out int width, out int height, out int subsampling, out int colorspace);

    [LibraryImport(Name, EntryPoint = "tjDecompress2")]
    public static unsafe partial int Decompress(
        nint handle, byte* file, CULong length, byte* pixels, int width, int pitch, int height, int format, int flags);

    [LibraryImport(Name, EntryPoint = "tjInitCompress")]
    public static partial nint InitCompress();

    [LibraryImport(Name, EntryPoint = "tjBufSize")]
    public static partial CULong MostBytes(int width, int height, int subsampling);

    [LibraryImport(Name, EntryPoint = "tjCompress2")]
    public static unsafe partial int Compress(
        nint handle, byte* pixels, int width, int pitch, int height, int format, byte** file, CULong* length, int subsampling, int quality, int flags);

    [LibraryImport(Name, EntryPoint = "tjGetErrorStr2")]
    public static partial nint GetErrorString(nint handle);

    [LibraryImport(Name, EntryPoint = "tjGetErrorCode")]
    public static partial int GetErrorCode(nint handle);

    [LibraryImport(Name, EntryPoint = "tjDestroy")]
    public static partial int Destroy(nint handle);
}
