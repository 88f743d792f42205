using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

/// <summary>A folder that is gone after the test, and the decoder that goes with its files: their one byte is the colour of one pixel.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("rectify-test").FullName;

    public string At(string relative) => Path.Combine(Root, relative);

    public TemporaryFolder Add(string relative, params byte[] content)
    {
        string path = At(relative);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    internal sealed class OneByteDecoder : IImageDecoder
    {
        public RgbImage Decode(ReadOnlySpan<byte> file, string name, int shorterSide = 0) =>
            file.Length == 1 ? new RgbImage(1, 1, [file[0], file[0], file[0]]) : throw new RectifyException($"{name} is not one byte long.");

        public ImageDescription Describe(ReadOnlySpan<byte> file, string name) => new("one byte", 1, 1, "grey", 8, 1);
    }
}
