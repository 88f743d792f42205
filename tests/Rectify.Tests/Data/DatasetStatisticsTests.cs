using Rectify.Data;
using Rectify.Formats;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public sealed class DatasetStatisticsTests : IDisposable
{
    private const int Size = 16;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compute_RenderedPictures_IsThatOfTwoNaivePasses()
    {
        RenderedDataset data = new(60, Size, 1);
        DatasetStatistics statistics = DatasetStatistics.Compute(data, Size, Size);
        (double[] mean, double[,] covariance) = Naive(data, 1.0);
        for (int a = 0; a < 3; a++)
        {
            Assert.Equal(mean[a], statistics.ChannelMean[a], 1e-9);
            Assert.Equal(Math.Sqrt(covariance[a, a]), statistics.ChannelStd[a], 1e-9);
        }

        // Eigenvectors are what the covariance scales: C·v = λ·v, of unit length, λ falling.
        for (int i = 0; i < 3; i++)
        {
            double[] v = [.. Enumerable.Range(0, 3).Select(c => statistics.Eigenvectors[i, c])];
            Assert.Equal(1, v.Sum(x => x * x), 1e-12);
            Assert.True(v.MaxBy(Math.Abs) > 0);
            for (int a = 0; a < 3; a++)
            {
                Assert.Equal(statistics.Eigenvalues[i] * v[a], Enumerable.Range(0, 3).Sum(b => covariance[a, b] * v[b]), 1e-7);
            }
        }

        Assert.True(statistics.Eigenvalues[0] > statistics.Eigenvalues[1] && statistics.Eigenvalues[1] > statistics.Eigenvalues[2]);
        Assert.Equal(covariance[0, 0] + covariance[1, 1] + covariance[2, 2], statistics.Eigenvalues.Sum(), 1e-7);
    }

    [Fact]
    public void Compute_MeanImage_IsTheOneOfMeanImageToTheBit()
    {
        RenderedDataset data = new(60, 20, 1);
        DatasetStatistics statistics = DatasetStatistics.Compute(data, Size, 18);
        Assert.Equal(MeanImage.Compute(data, Size, 18).Values.ToArray(), statistics.Mean.Values.ToArray());
        DatasetStatistics some = DatasetStatistics.Compute(data, Size, 18, new StatisticsOptions { Samples = 7 });
        Assert.Equal(MeanImage.Compute(data, Size, 18, samples: 7).Values.ToArray(), some.Mean.Values.ToArray());
        Assert.Equal(7, some.Images);
    }

    [Fact]
    public void Compute_PixelsOn0To1_HasEigenvaluesSmallerBy255Squared()
    {
        RenderedDataset data = new(60, Size, 1);
        DatasetStatistics statistics = DatasetStatistics.Compute(data, Size, Size);
        (double[] values, double[,] vectors) = PrincipalComponents.Of(Naive(data, 1.0 / 255).Covariance);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(255.0 * 255.0, statistics.Eigenvalues[i] / values[i], 1e-6);
            Assert.NotEqual(255.0, Math.Round(statistics.Eigenvalues[i] / values[i]));
            for (int c = 0; c < 3; c++)
            {
                Assert.Equal(vectors[i, c], statistics.Eigenvectors[i, c], 1e-9);
            }
        }
    }

    [Fact]
    public void Compute_AnyNumberOfThreads_GivesTheSameBits()
    {
        RenderedDataset data = new(101, Size, 1);
        byte[][] files = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            DatasetStatistics.Compute(data, Size, Size, new StatisticsOptions { Threads = threads }).Save(_folder.At("stats"));
            return File.ReadAllBytes(_folder.At("stats"));
        })];
        Assert.Equal(files[0], files[1]);
        Assert.Equal(files[0], files[2]);
    }

    [Fact]
    public void Compute_PicturesThatFail_AreLeftOutAndCounted()
    {
        DatasetStatistics statistics = DatasetStatistics.Compute(new NumberedDataset(9, Size, Size, NumberedDataset.Failing(2, 5)), Size, Size);
        Assert.Equal((7, 2), (statistics.Images, statistics.Unreadable));
        Assert.Equal((0 + 1 + 3 + 4 + 6 + 7 + 8) / 7.0, statistics.ChannelMean[0], 1e-12);
        string message = Assert.Throws<RectifyException>(() => DatasetStatistics.Compute(new NumberedDataset(2, 4, 4, NumberedDataset.Failing(0, 1)), 4, 4)).Message;
        Assert.Contains("numbered #0 is broken", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhatSaveWrote_IsTheSameAndSaysItsScale()
    {
        RenderedDataset data = new(30, Size, 1);
        DatasetStatistics saved = DatasetStatistics.Compute(data, Size, Size);
        saved.Save(_folder.At("s.safetensors"));
        using (SafetensorsFile file = SafetensorsFile.Open(_folder.At("s.safetensors")))
        {
            Assert.Equal(("0..255", "30", "16"), (file.Metadata["scale"], file.Metadata["images"], file.Metadata["size"]));
            Assert.Equal(DatasetFingerprint.Compute(data), file.Metadata["fingerprint"]);
            Assert.Equal(["mean", "channel.mean", "channel.std", "pca.eigenvalues", "pca.eigenvectors"], file.Entries.Select(e => e.Name));
        }

        DatasetStatistics loaded = DatasetStatistics.Load(_folder.At("s.safetensors"));
        Assert.Equal(saved.Mean.Values.ToArray(), loaded.MeanFor(data, Size).Values.ToArray());
        Assert.Equal((float)saved.Eigenvalues[2], loaded.Eigenvalues[2]);
        Assert.Equal((float)saved.Eigenvectors[1, 2], loaded.Eigenvectors[1, 2]);
        Assert.Contains("another data set", Assert.Throws<RectifyException>(() => loaded.MeanFor(new RenderedDataset(30, Size, 2), Size)).Message, StringComparison.Ordinal);
        Assert.Contains("--size 32", Assert.Throws<RectifyException>(() => loaded.MeanFor(data, 32)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherFiles_AreRefused()
    {
        DatasetStatistics.Compute(new RenderedDataset(30, Size, 1), Size, Size).Save(_folder.At("s"));
        string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(_folder.At("s")));
        Refuses(text.Replace("0..255", "0..001", StringComparison.Ordinal), "on the scale 0..001");
        Refuses(text.Replace("statistics.1", "statistics.9", StringComparison.Ordinal), "no file of statistics");
        Refuses(text.Replace("channel.std", "channel.stx", StringComparison.Ordinal), "'channel.std'");
        Refuses(text.Replace("\"size\":\"16\"", "\"size\":\"17\"", StringComparison.Ordinal), "no mean of its size");
        Refuses(text[..(text.Length / 2)], "");
        Refuses("garbage", "");
    }

    [Theory]
    [InlineData("pca.eigenvalues", -1f, "an eigenvalue below 0")]
    [InlineData("pca.eigenvalues", float.NaN, "a number in 'pca.eigenvalues' that is not finite")]
    [InlineData("pca.eigenvalues", float.PositiveInfinity, "a number in 'pca.eigenvalues' that is not finite")]
    [InlineData("pca.eigenvectors", float.NaN, "a number in 'pca.eigenvectors' that is not finite")]
    [InlineData("pca.eigenvectors", float.NegativeInfinity, "a number in 'pca.eigenvectors' that is not finite")]
    [InlineData("channel.std", float.NaN, "a number in 'channel.std' that is not finite")]
    public void Load_NumberThatCannotBe_IsRefused(string tensor, float number, string expected)
    {
        DatasetStatistics.Compute(new RenderedDataset(30, Size, 1), Size, Size).Save(_folder.At("s"));
        SafetensorsWriter writer = new();
        using (SafetensorsFile file = SafetensorsFile.Open(_folder.At("s")))
        {
            foreach ((string key, string value) in file.Metadata)
            {
                writer.AddMetadata(key, value);
            }

            foreach (SafetensorsEntry entry in file.Entries)
            {
                float[] values = new float[entry.Count];
                file.Read(entry.Name, values);
                values[^1] = entry.Name == tensor ? number : values[^1];
                writer.Add(entry.Name, entry.Dimensions, d => values.CopyTo(d));
            }
        }

        using MemoryStream stream = new();
        writer.Write(stream);
        Refuses(System.Text.Encoding.Latin1.GetString(stream.ToArray()), expected);
    }

    private void Refuses(string content, string expected)
    {
        _ = _folder.Add("other", System.Text.Encoding.Latin1.GetBytes(content));
        string message = Assert.Throws<RectifyException>(() => DatasetStatistics.Load(_folder.At("other"))).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith(_folder.At("other"), message, StringComparison.Ordinal);
    }

    private static (double[] Mean, double[,] Covariance) Naive(RenderedDataset data, double factor)
    {
        double[] mean = new double[3];
        double[,] covariance = new double[3, 3];
        long pixels = (long)data.Count * Size * Size;
        for (int i = 0; i < data.Count; i++)
        {
            byte[] p = data.Read(i).Pixels;
            for (int k = 0; k < p.Length; k++)
            {
                mean[k % 3] += p[k] * factor / pixels;
            }
        }

        for (int i = 0; i < data.Count; i++)
        {
            byte[] p = data.Read(i).Pixels;
            for (int k = 0; k < p.Length; k++)
            {
                for (int b = 0; b < 3; b++)
                {
                    covariance[k % 3, b] += ((p[k] * factor) - mean[k % 3]) * ((p[k - (k % 3) + b] * factor) - mean[b]) / pixels;
                }
            }
        }

        return (mean, covariance);
    }
}
