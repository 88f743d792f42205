using Rectify.Tensors;

namespace Rectify.Tests.Tensors;

public sealed class RandomStreamTests
{
    private const int Draws = 100_000;

    // The known answers that Random123 (D. E. Shaw Research) publishes for philox4x32-10.
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_PublishedVectors_Match(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal((x0, x1, x2, x3), RandomStream.Philox(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void NextBits_OneStream_TakesTheBlocksInOrder()
    {
        RandomStream stream = Open();
        uint[] drawn = [.. Enumerable.Range(0, 4096).Select(_ => stream.NextBits())];

        // Were a block repeated or one of its words used twice, there would be more equal pairs than chance has: 4096²/2 · 2⁻³² = 0.002.
        Assert.True(drawn.Distinct().Count() >= drawn.Length - 1);
    }

    [Fact]
    public void Copy_OfAStream_KeepsItsPosition()
    {
        RandomStream stream = Open();
        _ = stream.NextBits();
        RandomStream copy = stream;
        uint[] first = [.. Enumerable.Range(0, 10).Select(_ => stream.NextBits())];
        uint[] second = [.. Enumerable.Range(0, 10).Select(_ => copy.NextBits())];
        Assert.Equal(first, second);
    }

    [Fact]
    public void Streams_AnyDifference_AreUnrelated()
    {
        RandomStream[] streams =
        [
            Open(),
            new(2, RandomPurpose.Testing, 3, 4, 5),
            new(1, RandomPurpose.Dropout, 3, 4, 5),
            new(1, RandomPurpose.Testing, 4, 4, 5),
            new(1, RandomPurpose.Testing, 3, 5, 5),
            new(1, RandomPurpose.Testing, 3, 4 + (1ul << 32), 5),
            new(1, RandomPurpose.Testing, 3, 4, 6),
            new(1, RandomPurpose.Testing, 5, 4, 3),
            new(1, RandomPurpose.Testing, 4, 3, 5),
        ];
        uint[][] drawn = new uint[streams.Length][];
        for (int i = 0; i < streams.Length; i++)
        {
            RandomStream stream = streams[i];
            drawn[i] = [.. Enumerable.Range(0, 1000).Select(_ => stream.NextBits())];
        }

        for (int i = 0; i < drawn.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                // Nothing shared in any place, and half of the bits agree: 32000 bits, deviation √32000/2.
                Assert.True(drawn[i].Intersect(drawn[j]).Count() <= 1, $"Streams {i} and {j} share numbers.");
                int agree = drawn[i].Zip(drawn[j], (a, b) => 32 - int.CreateChecked(uint.PopCount(a ^ b))).Sum();
                Assert.InRange(agree, 16000 - (5 * 89), 16000 + (5 * 89));
            }
        }
    }

    [Fact]
    public void NextSingle_ManyDraws_UniformInTheHalfOpenInterval()
    {
        RandomStream stream = Open();
        double sum = 0.0;
        int[] tenths = new int[10];
        for (int i = 0; i < Draws; i++)
        {
            float value = stream.NextSingle();
            Assert.InRange(value, 0f, MathF.BitDecrement(1f));
            Assert.Equal(0f, value * (1 << 24) % 1f);
            tenths[(int)(value * 10)]++;
            sum += value;
        }

        // Deviations: √(1/12/n) of the mean, √(0.09·n) of a tenth.
        Assert.Equal(0.5, sum / Draws, 4 * Math.Sqrt(1.0 / 12 / Draws));
        Assert.All(tenths, count => Assert.Equal(Draws / 10.0, count, 5 * Math.Sqrt(0.09 * Draws)));
    }

    [Fact]
    public void NextSingle_WithBounds_StaysBetween()
    {
        RandomStream stream = Open();
        double sum = 0.0;
        for (int i = 0; i < Draws; i++)
        {
            float value = stream.NextSingle(-3f, 5f);
            Assert.InRange(value, -3f, 5f);
            sum += value;
        }

        Assert.Equal(1.0, sum / Draws, 4 * 8 * Math.Sqrt(1.0 / 12 / Draws));
    }

    [Fact]
    public void NextGaussian_ManyDraws_HasTheMomentsOfTheNormal()
    {
        RandomStream stream = Open();
        double[] moments = new double[5];
        for (int i = 0; i < Draws; i++)
        {
            double value = stream.NextGaussian();
            Assert.True(double.IsFinite(value));
            for (int power = 1; power <= 4; power++)
            {
                moments[power] += Math.Pow(value, power) / Draws;
            }
        }

        // Moments 0, 1, 0, 3; the variance of xᵖ is E x²ᵖ − (E xᵖ)²: 1, 2, 15, 96.
        double[] expected = [0, 0, 1, 0, 3];
        double[] variances = [0, 1, 2, 15, 96];
        for (int power = 1; power <= 4; power++)
        {
            Assert.Equal(expected[power], moments[power], 4.5 * Math.Sqrt(variances[power] / Draws));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void NextInt_ManyDraws_UniformBelowTheBound(int bound)
    {
        RandomStream stream = Open();
        int[] counts = new int[bound];
        for (int i = 0; i < Draws; i++)
        {
            counts[stream.NextInt(bound)]++;
        }

        double expected = (double)Draws / bound;
        Assert.All(counts, count => Assert.InRange(Math.Abs(count - expected), 0, (5 * Math.Sqrt(expected)) + 0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void NextInt_BoundNotPositive_Throws(int bound)
    {
        RandomStream stream = Open();
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextInt(bound));
    }

    // From any place within a block, of any length.
    [Fact]
    public void NextSingles_AnyStartAndLength_EqualsOneByOne()
    {
        for (int start = 0; start < 6; start++)
        {
            foreach (int length in (int[])[.. Enumerable.Range(0, 140), 1000, 4099])
            {
                RandomStream many = new(ulong.MaxValue - 9, RandomPurpose.Testing, uint.MaxValue - 1, (1ul << 40) + 7, -3);
                RandomStream one = many;
                for (int i = 0; i < start; i++)
                {
                    Assert.Equal(one.NextBits(), many.NextBits());
                }

                float[] numbers = new float[length];
                many.NextSingles(numbers);
                float[] expected = new float[length];
                for (int i = 0; i < length; i++)
                {
                    expected[i] = one.NextSingle();
                }

                Assert.Equal(expected, numbers);
                Assert.Equal(one.NextBits(), many.NextBits());
            }
        }
    }

    [Fact]
    public void NextBool_ManyDraws_FairCoin()
    {
        RandomStream stream = Open();
        int heads = Enumerable.Range(0, Draws).Count(_ => stream.NextBool());
        Assert.Equal(Draws / 2.0, heads, 4 * Math.Sqrt(Draws) / 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void NextPermutation_AnyCount_IsAPermutation(int count)
    {
        RandomStream stream = Open();
        int[] order = stream.NextPermutation(count);
        Assert.Equal(Enumerable.Range(0, count), order.Order());
        Assert.True(count <= 2 || !order.SequenceEqual(Enumerable.Range(0, count)));
    }

    [Fact]
    public void NextPermutation_OfThree_AllSixEquallyOften()
    {
        RandomStream stream = Open();
        Dictionary<string, int> counts = [];
        const int Permutations = 12_000;
        for (int i = 0; i < Permutations; i++)
        {
            string key = string.Join(',', stream.NextPermutation(3));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.Equal(Permutations / 6.0, count, 4.5 * Math.Sqrt(Permutations * 5.0 / 36)));
    }

    private static RandomStream Open() => new(1, RandomPurpose.Testing, 3, 4, 5);
}
