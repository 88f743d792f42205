using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Imaging;

/// <summary>Decodes JPEG by libjpeg-turbo (its TurboJPEG interface, version 2 or later). Thread-safe; keeps a decompressor for each thread that
/// decodes at once.</summary>
/// <remarks>
/// <para>Baseline and progressive, grey (as RGB of equal parts), YCbCr and RGB; CMYK and YCCK by R = C·K/255 on the stored values, which Adobe's
/// convention inverts. Colour profiles and the
/// orientation in EXIF are not applied.</para>
/// <para>A file that the library only warns about is accepted, also one that was cut short as long as more than half of it is there: the rest is
/// grey.</para>
/// </remarks>
public sealed class TurboJpegDecoder : IImageDecoder, IDisposable
{
    private const byte MissingGrey = 128;

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
    public unsafe RgbImage Decode(ReadOnlySpan<byte> file, string name, int shorterSide = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!IsJpeg(file))
        {
            throw new RectifyException($"{name} is not a JPEG: it begins with {DecodeRules.Beginning(file)}; remove it or convert it.");
        }

        if (!_idle.TryTake(out Handle? handle))
        {
            handle = Handle.Create();
        }

        try
        {
            fixed (byte* bytes = file)
            {
                return Decode(handle.DangerousGetHandle(), bytes, new CULong((nuint)file.Length), name);
            }
        }
        finally
        {
            _idle.Add(handle);
        }
    }

    /// <inheritdoc/>
    public ImageDescription Describe(ReadOnlySpan<byte> file, string name)
    {
        RgbImage image = Decode(file, name);
        return new ImageDescription("JPEG", image.Width, image.Height, "RGB", 8, 1);
    }

    /// <summary>Frees the decompressors.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out Handle? handle))
        {
            handle.Dispose();
        }
    }

    private static unsafe RgbImage Decode(nint handle, byte* file, CULong length, string name)
    {
        if (TurboJpegLibrary.DecompressHeader(handle, file, length, out int width, out int height, out _, out int colorspace) != 0
            && TurboJpegLibrary.GetErrorCode(handle) != TurboJpegLibrary.Warning)
        {
            throw Failure(handle, name);
        }

        // What a file that ends before its frame header gives, without an error.
        if (width < 1 || height < 1)
        {
            throw Damaged("its header is cut short", name);
        }

        DecodeRules.CheckSize(width, height, name);
        bool cmyk = colorspace is TurboJpegLibrary.ColorspaceCmyk or TurboJpegLibrary.ColorspaceYcck;
        byte[] pixels = new byte[(cmyk ? 4 : 3) * width * height];
        int status;
        fixed (byte* target = pixels)
        {
            int format = cmyk ? TurboJpegLibrary.FormatCmyk : TurboJpegLibrary.FormatRgb;
            status = TurboJpegLibrary.Decompress(handle, file, length, target, width, 0, height, format, 0);
        }

        if (status != 0 && TurboJpegLibrary.GetErrorCode(handle) != TurboJpegLibrary.Warning)
        {
            throw Failure(handle, name);
        }

        // Blocks that are not there become the grey of all coefficients zero, and the library calls it a warning.
        if (status != 0 && 2L * pixels.AsSpan().Count(MissingGrey) >= pixels.Length)
        {
            throw Damaged("half of its blocks or more are missing", name);
        }

        return new RgbImage(width, height, cmyk ? ToRgb(pixels) : pixels);
    }

    // The stored values are inverted: 255 is no ink.
    private static byte[] ToRgb(byte[] cmyk)
    {
        byte[] rgb = new byte[cmyk.Length / 4 * 3];
        for (int i = 0, j = 0; i < cmyk.Length; i += 4, j += 3)
        {
            int black = cmyk[i + 3];
            rgb[j] = (byte)(((cmyk[i] * black) + 127) / 255);
            rgb[j + 1] = (byte)(((cmyk[i + 1] * black) + 127) / 255);
            rgb[j + 2] = (byte)(((cmyk[i + 2] * black) + 127) / 255);
        }

        return rgb;
    }

    private static RectifyException Failure(nint handle, string name)
    {
        string reason = Marshal.PtrToStringUTF8(TurboJpegLibrary.GetErrorString(handle)) ?? "unknown error";
        return Damaged(reason.TrimEnd('.', '\n'), name);
    }

    private static RectifyException Damaged(string reason, string name) =>
        new($"{name} is a damaged JPEG ({reason}); copy it again from where it came, or remove it.");

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
