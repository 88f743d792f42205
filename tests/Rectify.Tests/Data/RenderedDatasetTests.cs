using System.Security.Cryptography;
using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public class RenderedDatasetTests
{
    [Fact]
    public void Read_FirstPictures_HaveTheBitsTheyAlwaysHad()
    {
        // Recorded from this implementation: pictures must not change silently, and must be the same on every machine.
        RenderedDataset data = new(100, 32, seed: 7);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < data.Count; i++)
        {
            hash.AppendData(data.Read(i).Pixels);
            hash.AppendData([(byte)data.Label(i)]);
        }

        Assert.Equal("75D5AB6CA83DB643D254C027756DCA1A", Convert.ToHexString(hash.GetHashAndReset())[..32]);
    }

    [Fact]
    public void Read_OtherOrderAndLength_GivesTheSamePicture()
    {
        RenderedDataset longer = new(1000, 24, seed: 3);
        RenderedDataset shorter = new(20, 24, seed: 3);
        _ = longer.Read(999);
        Assert.Equal(longer.Read(13).Pixels, shorter.Read(13).Pixels);
        Assert.NotEqual(longer.Read(13).Pixels, new RenderedDataset(1000, 24, seed: 4).Read(13).Pixels);
        Assert.NotEqual(longer.Read(13).Pixels, longer.Read(14).Pixels);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(224)]
    public void Read_AnySize_HasThatSize(int size)
    {
        RgbImage image = new RenderedDataset(3, size, 1).Read(2);
        Assert.Equal((size, size), (image.Width, image.Height));
    }

    [Fact]
    public void Label_EachTenSamples_HoldEachClassOnceInChangingOrder()
    {
        RenderedDataset data = new(1000, 16, 5);
        HashSet<string> orders = [];
        for (int i = 0; i < data.Count; i += 10)
        {
            int[] ten = [.. Enumerable.Range(i, 10).Select(data.Label)];
            Assert.Equal(Enumerable.Range(0, 10), ten.Order());
            _ = orders.Add(string.Concat(ten));
        }

        Assert.Equal(10, data.Classes.Count);
        Assert.True(orders.Count >= 30, $"{orders.Count} orders of the 40 possible in 100 draws.");
    }

    [Fact]
    public void Distance_EachShape_DiffersFromEachOtherOverATenthOfTheirArea()
    {
        // Two shapes that cover the same would make two classes one.
        const int Grid = 41;
        bool[][] inside = [.. Enumerable.Range(0, 10).Select(s =>
            Enumerable.Range(0, Grid * Grid).Select(i => ShapeMath.Distance(s, ((i % Grid) - 20) / 18f, (20 - (i / Grid)) / 18f) < 0).ToArray())];
        for (int a = 0; a < 10; a++)
        {
            for (int b = 0; b < a; b++)
            {
                int either = inside[a].Zip(inside[b], (p, q) => p || q).Count(x => x);
                int one = inside[a].Zip(inside[b], (p, q) => p != q).Count(x => x);
                Assert.True(one > 0.1 * either, $"{ShapeMath.Names[a]} and {ShapeMath.Names[b]}: {one} of {either} points differ.");
            }
        }
    }

    [Fact]
    public void Read_LinearClassifierOnPixels_StaysUnder45Percent()
    {
        // Softmax regression, SGD: 4000 pictures to train on, 1000 of another seed to test on. What it reaches is near chance, 10 %.
        const int Size = 24, Length = 3 * Size * Size, Train = 4000, Test = 1000;
        (float[] x, int[] y) = Load(new RenderedDataset(Train, Size, 1), Length);
        (float[] xt, int[] yt) = Load(new RenderedDataset(Test, Size, 2), Length);
        float[] w = new float[10 * Length];
        float[] p = new float[10];
        for (int step = 0; step < 3 * Train; step++)
        {
            ReadOnlySpan<float> sample = x.AsSpan(step % Train * Length, Length);
            Scores(w, sample, p);
            float sum = 0, max = p.Max();
            for (int c = 0; c < 10; c++)
            {
                sum += p[c] = MathF.Exp(p[c] - max);
            }

            for (int c = 0; c < 10; c++)
            {
                float g = 0.001f * ((p[c] / sum) - (y[step % Train] == c ? 1 : 0));
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(sample, -g, w.AsSpan(c * Length, Length), w.AsSpan(c * Length, Length));
            }
        }

        // The fit works: what it has seen, it knows better than chance.
        Assert.True(Accuracy(w, x, y, Length) > 0.2, $"On its training set: {Accuracy(w, x, y, Length)}");
        Assert.True(Accuracy(w, xt, yt, Length) < 0.45, $"On the test set: {Accuracy(w, xt, yt, Length)}");
    }

    [Theory]
    [InlineData(0, 32)]
    [InlineData(10, 8)]
    public void Constructor_ImpossibleSet_SaysWhatToChoose(int count, int size) =>
        Assert.Contains("built-in pictures", Assert.Throws<RectifyException>(() => new RenderedDataset(count, size, 1)).Message, StringComparison.Ordinal);

    private static (float[] X, int[] Y) Load(RenderedDataset data, int length)
    {
        float[] x = new float[data.Count * length];
        for (int i = 0; i < data.Count; i++)
        {
            byte[] pixels = data.Read(i).Pixels;
            for (int j = 0; j < length; j++)
            {
                x[(i * length) + j] = (pixels[j] - 128) / 64f;
            }
        }

        return (x, [.. Enumerable.Range(0, data.Count).Select(data.Label)]);
    }

    private static void Scores(float[] w, ReadOnlySpan<float> sample, float[] scores)
    {
        for (int c = 0; c < 10; c++)
        {
            scores[c] = System.Numerics.Tensors.TensorPrimitives.Dot(w.AsSpan(c * sample.Length, sample.Length), sample);
        }
    }

    private static double Accuracy(float[] w, float[] x, int[] y, int length)
    {
        float[] scores = new float[10];
        int right = 0;
        for (int i = 0; i < y.Length; i++)
        {
            Scores(w, x.AsSpan(i * length, length), scores);
            right += Array.IndexOf(scores, scores.Max()) == y[i] ? 1 : 0;
        }

        return (double)right / y.Length;
    }
}
