using System.Text;
using Rectify.Imaging;
using Rectify.Tensors;

namespace Rectify.Cli;

/// <summary>What comes by standard input: one picture's bytes, or a list of paths, one a line. The first bytes tell.</summary>
internal sealed class StandardInput
{
    // As many as a PNG's signature has; a JPEG's has three.
    private const int Signature = 8;

    private StandardInput(Stream stream, bool isPicture) => (Stream, IsPicture) = (stream, isPicture);

    /// <summary>All of it, from the first byte.</summary>
    public Stream Stream { get; }

    /// <summary>Whether it begins as a JPEG or PNG does.</summary>
    public bool IsPicture { get; }

    /// <summary>Looks at the first bytes; waits for no more of them than it takes to tell.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    public static StandardInput Open(Stream stream)
    {
        byte[] first = new byte[Signature];
        int length = 0;

        // 0xFF begins no text in UTF-8, nor does 0x89: a path is told by its first byte, and a person who types one is not kept waiting for eight.
        while (length < Signature && !IsWhole(first.AsSpan(0, length)) && (length == 0 || first[0] is 0xFF or 0x89))
        {
            int read = stream.Read(first, length, Signature - length);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        if (length == 0)
        {
            throw new UsageException("standard input is empty: name PHOTOs, or pipe in a picture or a list of paths, one a line.");
        }

        byte[] begun = first[..length];
        return new StandardInput(new PeekedStream(begun, stream), IsWhole(begun));
    }

    /// <summary>The paths, as they come; empty lines are passed over.</summary>
    public IEnumerable<string> Lines()
    {
        using StreamReader reader = new(Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> first) => TurboJpegDecoder.IsJpeg(first) || SpngDecoder.IsPng(first);
}
