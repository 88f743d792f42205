using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Diagnostics;

/// <summary>Pictures that any net learns to which a signal comes: a wave for each class, with noise.</summary>
/// <param name="count">How many.</param>
/// <param name="size">Rows and columns.</param>
/// <param name="classes">Classes.</param>
/// <param name="seed">Tells sets apart.</param>
internal sealed class TemplatePictures(int count, int size, int classes, ulong seed) : IDataset
{
    public int Count => count;

    public IReadOnlyList<string> Classes { get; } = [.. Enumerable.Range(0, classes).Select(i => $"{i}")];

    public int Label(int index) => index % classes;

    public string Name(int index) => $"{index}";

    public RgbImage Read(int index, int shorterSide = 0)
    {
        int label = Label(index);
        RandomStream waves = new(seed, RandomPurpose.Testing, 1, (ulong)label);
        RandomStream noise = new(seed, RandomPurpose.Testing, 0, (ulong)index);
        double[] phases = new double[6];
        foreach (ref double phase in phases.AsSpan())
        {
            phase = 2 * Math.PI * waves.NextSingle();
        }

        byte[] pixels = new byte[3 * size * size];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int x, int y, int c) = (i / 3 % size, i / 3 / size, i % 3);
            double wave = Math.Sin(phases[c] + (0.25 * label * x)) + Math.Cos(phases[3 + c] + (0.2 * (classes - label) * y));
            pixels[i] = (byte)Math.Clamp(128 + (45 * wave) + (30 * noise.NextGaussian()), 0, 255);
        }

        return new RgbImage(size, size, pixels);
    }
}
