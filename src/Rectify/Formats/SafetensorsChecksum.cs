using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Rectify.Tensors;

namespace Rectify.Formats;

/// <summary>A checksum inside a safetensors file: SHA-256 of every byte of it, in which the checksum's own 64 digits count as '0'.</summary>
/// <remarks>It stands in the metadata as <c>sha256</c>, so the file remains an ordinary safetensors file and the checksum cannot be lost on its way.</remarks>
public static class SafetensorsChecksum
{
    /// <summary>The metadata's key.</summary>
    public const string Key = "sha256";

    private const int Digits = 64;
    private const int LengthBytes = sizeof(ulong);

    private static readonly byte[] Before = Encoding.UTF8.GetBytes($"\"{Key}\":\"");

    /// <summary>Writes a file with its checksum, whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="writer">What.</param>
    /// <returns>The checksum, 64 lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    public static string Write(string path, SafetensorsWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.AddMetadata(Key, new string('0', Digits));
        string checksum = "";
        AtomicFile.Write(path, file =>
        {
            using HashingStream hashing = new(file);
            writer.Write(hashing);
            checksum = hashing.Hash();
            file.Position = Place(hashing.Header) + LengthBytes;
            file.Write(Encoding.ASCII.GetBytes(checksum));
        });
        return checksum;
    }

    /// <summary>Reads a whole file and compares.</summary>
    /// <returns>The checksum.</returns>
    /// <exception cref="RectifyException">The file cannot be read, has no checksum, or its bytes are not those that were written.</exception>
    public static string Verify(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
            Span<byte> prefix = stackalloc byte[LengthBytes];
            file.ReadExactly(prefix);
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (length > SafetensorsHeader.LargestHeader || (long)length > file.Length - LengthBytes)
            {
                throw Damaged(path, "its header is cut off");
            }

            byte[] header = new byte[length];
            file.ReadExactly(header);
            int place = Place(header);
            if (place < 0 || place + Digits > header.Length)
            {
                throw new RectifyException($"{path} has no checksum; it was not written by rectify.");
            }

            Span<byte> digits = header.AsSpan(place, Digits);
            string written = Encoding.ASCII.GetString(digits);
            digits.Fill((byte)'0');
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(prefix);
            hash.AppendData(header);
            byte[] piece = new byte[1 << 20];
            for (int read = file.Read(piece); read > 0; read = file.Read(piece))
            {
                hash.AppendData(piece, 0, read);
            }

            return Hex(hash) == written ? written : throw Damaged(path, "its bytes are not those that were written: the checksum differs");
        }
        catch (EndOfStreamException)
        {
            throw Damaged(path, "it is cut off");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RectifyException($"{path} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static int Place(ReadOnlySpan<byte> header)
    {
        int at = header.IndexOf(Before);
        return at < 0 ? -1 : at + Before.Length;
    }

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());

    private static RectifyException Damaged(string path, string how) => new($"{path} is damaged: {how}.");

    // Passes everything on, hashes it, and keeps the header.
    private sealed class HashingStream(Stream file) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly MemoryStream _start = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public ReadOnlySpan<byte> Header => _start.GetBuffer().AsSpan(LengthBytes, (int)Wanted - LengthBytes);

        private long Wanted => _start.Length < LengthBytes
            ? LengthBytes
            : LengthBytes + (long)BinaryPrimitives.ReadUInt64LittleEndian(_start.GetBuffer());

        public string Hash() => Hex(_hash);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            file.Write(buffer);
            _hash.AppendData(buffer);
            for (ReadOnlySpan<byte> rest = buffer; !rest.IsEmpty && _start.Length < Wanted;)
            {
                int take = (int)Math.Min(rest.Length, Wanted - _start.Length);
                _start.Write(rest[..take]);
                rest = rest[take..];
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _hash.Dispose();
                _start.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
