using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Imaging;

/// <summary>Decodes JPEG by libjpeg-turbo (its TurboJPEG interface, version 2 or later). Thread-safe; keeps a decompressor for each thread that
/// decodes at once.</summary>
/// <remarks>
/// <para>Baseline and progressive, grey (as RGB of equal parts), YCbCr and RGB; CMYK and YCCK by R = C·K/255 on the stored values, which Adobe's
/// convention inverts. The orientation in EXIF is applied, colour profiles are not.</para>
/// <para>Where the shorter side that is asked for allows it, and no side that the orientation turns round leaves a rest, a half, a quarter or an eighth of the size is
/// decoded, in the frequency domain. Resized to that
/// side, the picture then differs from the whole one resized so: over 86 photos of 400 pixels and more, by 0.6 (a half), 0.7 (a quarter) and 0.9 levels
/// (an eighth) on average and by 19 at most where exactly twice the side is left, by 0.3 on average and by 11 at most where three times.</para>
/// <para>A file that the library only warns about is accepted, also one that was cut short as long as more than half of it is there: the rest is
/// grey.</para>
/// </remarks>
public sealed class TurboJpegDecoder : IImageDecoder, IDisposable
{
    // An empty 8×8 block takes a bit at the least: 512 pixels a byte for grey. Eight times that leaves room for what nobody has thought of.
    private const long MostPixelsPerByte = 4096;

    private readonly ConcurrentBag<Handle> _idle = [];
    private bool _disposed;

    /// <summary>A decoder.</summary>
    /// <exception cref="RectifyException">libturbojpeg is not installed; the message says how to install it.</exception>
    public TurboJpegDecoder()
    {
        try
        {
            _idle.Add(Handle.Create());
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new RectifyException(
                "JPEG files are read by libjpeg-turbo 2 or later, which is not installed; "
                + "install it with \"apt install libturbojpeg0\" (Ubuntu: libturbojpeg), \"brew install jpeg-turbo\" or \"winget install libjpeg-turbo.libjpeg-turbo.VC\".",
                e);
        }
    }

    /// <summary>Whether libturbojpeg can be loaded here.</summary>
    public static bool IsAvailable => NativeLibraries.Load(TurboJpegLibrary.Candidates) != 0;

    /// <summary>Whether bytes begin as a JPEG does.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    /// <inheritdoc/>
    public RgbImage Decode(ReadOnlySpan<byte> file, string name, int shorterSide = 0) => Into(null, file, name, shorterSide);

    /// <inheritdoc/>
    /// <remarks>CMYK is decoded on the heap.</remarks>
    public RgbImage DecodeInto(ReadOnlySpan<byte> file, string name, int shorterSide, PixelBuffer pixels) => Into(pixels, file, name, shorterSide);

    private unsafe RgbImage Into(PixelBuffer? lender, ReadOnlySpan<byte> file, string name, int shorterSide)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(shorterSide);
        JpegHeader header = Header(file, name);
        DecodeRules.CheckSize(header.Width, header.Height, name);
        DecodeRules.CheckPlausible((long)header.Width * header.Height, file.Length, MostPixelsPerByte, "JPEG", name);
        if (!_idle.TryTake(out Handle? handle))
        {
            handle = Handle.Create();
        }

        try
        {
            fixed (byte* bytes = file)
            {
                return Decode(handle.DangerousGetHandle(), bytes, new CULong((nuint)file.Length), name, shorterSide, header.Orientation, lender);
            }
        }
        finally
        {
            _idle.Add(handle);
        }
    }

    /// <inheritdoc/>
    public ImageDescription Describe(ReadOnlySpan<byte> file, string name) => Header(file, name).Description;

    /// <summary>Frees the decompressors.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out Handle? handle))
        {
            handle.Dispose();
        }
    }

    private static JpegHeader Header(ReadOnlySpan<byte> file, string name) => IsJpeg(file)
        ? JpegHeader.Read(file, name)
        : throw new RectifyException($"{name} is not a JPEG: it begins with {DecodeRules.Beginning(file)}; remove it or convert it.");

    private static unsafe RgbImage Decode(nint handle, byte* file, CULong length, string name, int shorterSide, int orientation, PixelBuffer? lender)
    {
        if (TurboJpegLibrary.DecompressHeader(handle, file, length, out int width, out int height, out _, out int colorspace) != 0
            && TurboJpegLibrary.GetErrorCode(handle) != TurboJpegLibrary.Warning)
        {
            throw Failure(handle, name);
        }

        // The library goes by a header of its own reading, so that is checked as well.
        DecodeRules.CheckSize(width, height, name);
        (int wholeWidth, int wholeHeight) = (width, height);
        int reduction = Reduction(width, height, shorterSide, orientation);
        (width, height) = (RgbImage.Reduced(width, reduction), RgbImage.Reduced(height, reduction));
        bool cmyk = colorspace is TurboJpegLibrary.ColorspaceCmyk or TurboJpegLibrary.ColorspaceYcck;
        // All rows are written or the picture is refused, so what was in the memory before never shows.
        int size = checked((cmyk ? 4 : 3) * width * height);
        RgbImage? lent = cmyk ? null : lender?.Lend(wholeWidth, wholeHeight, reduction);
        byte[] pixels = lent?.Pixels ?? GC.AllocateUninitializedArray<byte>(size);
        int status;
        fixed (byte* target = pixels)
        {
            int format = cmyk ? TurboJpegLibrary.FormatCmyk : TurboJpegLibrary.FormatRgb;
            status = TurboJpegLibrary.Decompress(handle, file, length, target, width, 0, height, format, TurboJpegLibrary.FlagLimitScans);
        }

        if (status != 0 && TurboJpegLibrary.GetErrorCode(handle) != TurboJpegLibrary.Warning)
        {
            throw Failure(handle, name);
        }

        // Blocks that are not there are a warning only.
        if (status != 0 && JpegPixels.HalfIsMissing(pixels.AsSpan(0, size), cmyk, colorspace == TurboJpegLibrary.ColorspaceYcck))
        {
            throw DecodeRules.Damaged("JPEG", "half of its blocks or more are missing", name);
        }

        RgbImage stored = lent ?? new RgbImage(wholeWidth, wholeHeight, reduction, cmyk ? JpegPixels.FromCmyk(pixels) : pixels);
        return Upright.Turned(stored, orientation, lender);
    }

    // 1, 2, 4 or 8: these the library does with fewer coefficients and vectors, the fractions between them without vectors. A side that the orientation turns round is
    // divided without a rest: the part of a pixel at its end would come first, and all others would be displaced by what it lacks.
    private static int Reduction(int width, int height, int wanted, int orientation)
    {
        int reduction = 1;
        while (wanted > 0 && reduction < 8 && RgbImage.Reduced(Math.Min(width, height), 2 * reduction) >= 2L * wanted)
        {
            reduction *= 2;
        }

        while ((ExifOrientation.FromRight(orientation) && width % reduction != 0) || (ExifOrientation.FromBottom(orientation) && height % reduction != 0))
        {
            reduction /= 2;
        }

        return reduction;
    }

    private static RectifyException Failure(nint handle, string name)
    {
        string reason = Marshal.PtrToStringUTF8(TurboJpegLibrary.GetErrorString(handle)) ?? "unknown error";
        return DecodeRules.Damaged("JPEG", reason.TrimEnd('.', '\n'), name);
    }

    private sealed class Handle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        public static Handle Create()
        {
            Handle created = new();
            created.SetHandle(TurboJpegLibrary.InitDecompress());
            return created.IsInvalid
                ? throw new RectifyException("libjpeg-turbo could not start a decompressor; free some memory and try again.")
                : created;
        }

        protected override bool ReleaseHandle() => TurboJpegLibrary.Destroy(handle) == 0;
    }
}
