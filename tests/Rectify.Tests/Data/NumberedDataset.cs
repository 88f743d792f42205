using System.Collections.Concurrent;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

/// <summary>Pictures that say who they are: red is the index modulo 251, green the column, blue the row. Chosen samples fail.</summary>
internal sealed class NumberedDataset(int count, int width, int height, Func<int, Exception?>? failure = null) : IDataset
{
    private int _reads;

    public int Count => count;

    public int Reads => _reads;

    /// <summary>The shorter sides that were asked for.</summary>
    public ConcurrentDictionary<int, bool> ShorterSides { get; } = [];

    public IReadOnlyList<string> Classes { get; } = ["a", "b", "c"];

    public int Label(int index) => index % 3;

    public string Name(int index) => $"numbered #{index}";

    public RgbImage Read(int index, int shorterSide = 0)
    {
        _ = Interlocked.Increment(ref _reads);
        _ = ShorterSides.TryAdd(shorterSide, true);
        if (failure?.Invoke(index) is { } error)
        {
            throw error;
        }

        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++)
        {
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = ((byte)(index % 251), (byte)(i % width), (byte)(i / width));
        }

        return new RgbImage(width, height, pixels);
    }

    public static Func<int, Exception?> Failing(params int[] indices) =>
        i => Array.IndexOf(indices, i) >= 0 ? new RectifyException($"numbered #{i} is broken.") : null;
}
