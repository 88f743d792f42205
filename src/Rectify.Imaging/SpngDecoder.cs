using System.Runtime.InteropServices;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Imaging;

/// <summary>Decodes PNG by libspng. Thread-safe.</summary>
/// <remarks>
/// <para>Every colour type and depth, interlaced or not. Of 16 bits the upper 8 are kept; transparency is dropped; colour profiles and gamma are not applied: as
/// Pillow's <c>convert("RGB")</c> does, but for grey of 16 bits, of which Pillow makes white nearly everywhere.</para>
/// <para>The orientation of an eXIf chunk is applied. The shorter side that is asked for is of no use here: the whole picture comes.</para>
/// </remarks>
public sealed class SpngDecoder : IImageDecoder
{
    // What texts, profiles and the like may take once they are decompressed; pixels are not among them.
    private const nuint MaxNotes = 64 << 20;

    // Deflate's best is 1032.
    private const long MostPerByte = 1040;

    /// <summary>A decoder.</summary>
    /// <exception cref="RectifyException">libspng is not installed; the message says how to install it.</exception>
    public SpngDecoder()
    {
        try
        {
            SpngLibrary.FreeContext(SpngLibrary.NewContext(0));
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new RectifyException(
                "PNG files are read by libspng, which is not installed; install it with \"apt install libspng0\", \"brew install libspng\" "
                + "or \"vcpkg install libspng\", or convert the pictures to JPEG.",
                e);
        }
    }

    /// <summary>Whether libspng can be loaded here.</summary>
    public static bool IsAvailable => NativeLibraries.Load(SpngLibrary.Candidates) != 0;

    /// <summary>Whether bytes begin as a PNG does.</summary>
    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

    /// <inheritdoc/>
    public RgbImage Decode(ReadOnlySpan<byte> file, string name, int shorterSide = 0) => Into(null, file, name);

    /// <inheritdoc/>
    public RgbImage DecodeInto(ReadOnlySpan<byte> file, string name, int shorterSide, PixelBuffer pixels) => Into(pixels, file, name);

    private static unsafe RgbImage Into(PixelBuffer? lender, ReadOnlySpan<byte> file, string name)
    {
        PngHeader said = Header(file, name);
        DecodeRules.CheckSize(said.Width, said.Height, name);
        DecodeRules.CheckPlausible(said.StoredBytes, file.Length, MostPerByte, "PNG", name);
        nint context = SpngLibrary.NewContext(0);
        if (context == 0)
        {
            throw new RectifyException($"{name}: libspng could not start a decoder; free some memory and try again.");
        }

        try
        {
            fixed (byte* bytes = file)
            {
                Check(SpngLibrary.SetImageLimits(context, (uint)DecodeRules.MaxPixels, (uint)DecodeRules.MaxPixels), name);
                Check(SpngLibrary.SetChunkLimits(context, MaxNotes, MaxNotes), name);
                Check(SpngLibrary.SetBuffer(context, bytes, (nuint)file.Length), name);
                Check(SpngLibrary.GetHeader(context, out SpngLibrary.Header header), name);
                DecodeRules.CheckSize(header.Width, header.Height, name);
                (int width, int height) = ((int)header.Width, (int)header.Height);
                long length = 3L * width * height;
                RgbImage stored = lender?.Lend(width, height) ?? new RgbImage(width, height, new byte[length]);
                fixed (byte* target = stored.Pixels)
                {
                    Check(SpngLibrary.Decode(context, target, (nuint)length, SpngLibrary.FormatRgb8, 0), name);
                }

                return Upright.Turned(stored, said.Orientation, lender);
            }
        }
        finally
        {
            SpngLibrary.FreeContext(context);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Transparency by a single colour (tRNS) is not an alpha channel.</remarks>
    public ImageDescription Describe(ReadOnlySpan<byte> file, string name) => Header(file, name).Description;

    private static PngHeader Header(ReadOnlySpan<byte> file, string name) => IsPng(file)
        ? PngHeader.Read(file, name)
        : throw new RectifyException($"{name} is not a PNG: it begins with {DecodeRules.Beginning(file)}; remove it or convert it.");

    private static void Check(int error, string name)
    {
        if (error != 0)
        {
            string reason = Marshal.PtrToStringUTF8(SpngLibrary.ErrorString(error)) ?? $"error {error}";
            throw DecodeRules.Damaged("PNG", reason, name);
        }
    }
}
