using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Evaluation;

/// <summary>Smooth pictures of many sizes, a matter of their index; some cannot be read.</summary>
internal sealed class RandomPhotos(int count, IReadOnlyList<string> classes, params int[] broken) : IDataset
{
    private int _reads;

    public int Reads => _reads;

    public int Count => count;

    public IReadOnlyList<string> Classes => classes;

    public int Label(int index) => index % classes.Count;

    public string Name(int index) => $"photo {index}";

    public RgbImage Read(int index, int shorterSide = 0)
    {
        _ = Interlocked.Increment(ref _reads);
        return broken.Contains(index) ? throw new RectifyException($"{Name(index)} is torn.") : Photo(index);
    }

    public static RgbImage Photo(int index)
    {
        RandomStream random = new((ulong)index, RandomPurpose.Testing, 7, 0);
        (int width, int height) = (17 + random.NextInt(30), 17 + random.NextInt(30));
        double[] waves = [.. Enumerable.Range(0, 9).Select(_ => random.NextSingle(0.05f, 0.6f))];
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int x, int y, int c) = (i / 3 % width, i / 3 / width, i % 3);
            pixels[i] = (byte)(127 + (120 * Math.Sin((x * waves[c]) + (y * waves[c + 3]) + (10 * waves[c + 6]))));
        }

        return new RgbImage(width, height, pixels);
    }
}
