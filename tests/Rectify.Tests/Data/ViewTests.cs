using Rectify.Data;
using Rectify.Tensors;

namespace Rectify.Tests.Data;

public class ViewTests
{
    [Fact]
    public void SubsetDataset_SomeIndices_ShowsThoseInThatOrder()
    {
        SubsetDataset subset = new(new NumberedDataset(10, 4, 4), [7, 2, 2]);
        Assert.Equal(3, subset.Count);
        Assert.Equal((7, 1, "numbered #7"), (subset.Read(0).Pixels[0], subset.Label(0), subset.Name(0)));
        Assert.Equal((2, 2), (subset.Origin(2), subset.Read(1).Pixels[0]));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new SubsetDataset(new NumberedDataset(10, 4, 4), [10]));
    }

    [Fact]
    public void ValidationSplit_Tenth_TakesATenthOfEachClassAndLosesNothing()
    {
        // 104, 103 and 103 samples: a tenth is 10 of each.
        NumberedDataset data = new(310, 4, 4);
        (SubsetDataset train, SubsetDataset validation) = ValidationSplit.Create(data);
        int[] held = [.. Enumerable.Range(0, validation.Count).Select(validation.Origin)];
        int[] kept = [.. Enumerable.Range(0, train.Count).Select(train.Origin)];
        Assert.Equal(Enumerable.Range(0, 310), held.Concat(kept).Order());
        Assert.All(held.GroupBy(data.Label), g => Assert.Equal(10, g.Count()));
        Assert.NotEqual(Enumerable.Range(0, 30), held);
    }

    [Fact]
    public void ValidationSplit_SampleAdded_MovesAtMostOneOfTheOthersPerClass()
    {
        HashSet<int> before = Held(310);
        HashSet<int> after = Held(311);
        Assert.True(before.Except(after).Count() <= 1);
        Assert.True(after.Except(before).Count() <= 1);
    }

    [Fact]
    public void ValidationSplit_SmallClass_GivesOneToEitherSide()
    {
        (SubsetDataset train, SubsetDataset validation) = ValidationSplit.Create(new NumberedDataset(6, 4, 4));
        Assert.Equal((3, 3), (train.Count, validation.Count));
    }

    [Fact]
    public void ValidationSplit_ClassOfOne_NamesIt() =>
        Assert.Contains("\"c\"", Assert.Throws<RectifyException>(() => ValidationSplit.Create(new NumberedDataset(5, 4, 4))).Message, StringComparison.Ordinal);

    [Fact]
    public void ValidationSplit_SameFilesElsewhere_IsTheSame()
    {
        using TemporaryFolder one = new(), two = new();
        string[][] keys = [.. new[] { one, two }.Select(folder =>
        {
            for (int i = 0; i < 60; i++)
            {
                _ = folder.Add($"{(i % 2 == 0 ? "even" : "odd")}/{i}.jpg", 1);
            }

            SubsetDataset validation = ValidationSplit.Create(ImageFolder.Open(folder.Root, new TemporaryFolder.OneByteDecoder())).Validation;
            return Enumerable.Range(0, validation.Count).Select(i => ((IKeyed)validation).Key(i)).ToArray();
        })];
        Assert.Equal(6, keys[0].Length);
        Assert.Equal(keys[0], keys[1]);
    }

    [Fact]
    public void CachedDataset_WithinItsBudget_ReadsEachPictureOnce()
    {
        NumberedDataset data = new(10, 4, 4);
        CachedDataset cached = new(data, 1 << 20);
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(i % 10, cached.Read(i % 10).Pixels[0]);
        }

        Assert.Equal(10, data.Reads);
    }

    [Fact]
    public void CachedDataset_BudgetSpent_ReadsTheRestAnewAndKeepsToIt()
    {
        NumberedDataset data = new(10, 4, 4);
        CachedDataset cached = new(data, 500);
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(i % 10, cached.Read(i % 10).Pixels[0]);
        }

        Assert.InRange(cached.BytesLeft, 0, 499);
        Assert.InRange(data.Reads, 11, 29);
    }

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(40_000)]
    [InlineData(0)]
    public void CachedDataset_OtherShorterSides_GivesWhatTheDataSetGives(int budget)
    {
        HalvingDataset data = new();
        CachedDataset cached = new(data, budget);
        RandomStream random = new(1, RandomPurpose.Testing, 0, 0);
        for (int i = 0; i < 500; i++)
        {
            (int index, int side) = (random.NextInt(data.Count), random.NextInt(5) * 12);
            (RgbImage expected, RgbImage actual) = (data.Read(index, side), cached.Read(index, side));
            Assert.True((expected.Width, expected.Height) == (actual.Width, actual.Height) && expected.Pixels.SequenceEqual(actual.Pixels),
                $"read {i}: sample {index} for a shorter side of {side}");
            Assert.InRange(cached.BytesLeft, 0, budget);
        }
    }

    [Fact]
    public void CachedDataset_PictureThatCannotComeSmaller_ServesEverySide()
    {
        NumberedDataset data = new(1, 32, 32);
        CachedDataset cached = new(data, 1 << 20);
        foreach (int side in new[] { 32, 0, 16, 17, 64 })
        {
            _ = cached.Read(0, side);
        }

        Assert.Equal(1, data.Reads);

        // 2·15 is less than 32: a decoder could have halved the picture for that.
        _ = cached.Read(0, 15);
        Assert.Equal(2, data.Reads);
    }

    /// <summary>Pictures of 10 to 100 pixels that come at half their size where that is at least twice what is asked for.</summary>
    private sealed class HalvingDataset : IDataset
    {
        public int Count => 10;

        public IReadOnlyList<string> Classes { get; } = ["a"];

        public int Label(int index) => 0;

        public string Name(int index) => $"halving #{index}";

        public RgbImage Read(int index, int shorterSide = 0)
        {
            int side = 10 * (index + 1);
            bool half = shorterSide > 0 && side / 2 >= 2 * shorterSide;
            int stored = half ? side / 2 : side;
            byte[] pixels = new byte[3 * stored * stored];
            Array.Fill(pixels, (byte)(half ? 1 : 2));
            return new RgbImage(side, side, half ? 2 : 1, pixels);
        }
    }

    private static HashSet<int> Held(int count)
    {
        SubsetDataset validation = ValidationSplit.Create(new NumberedDataset(count, 4, 4)).Validation;
        return [.. Enumerable.Range(0, validation.Count).Select(validation.Origin)];
    }
}
