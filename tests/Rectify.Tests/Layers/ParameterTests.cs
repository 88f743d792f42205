using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Tests.Layers;

public sealed class ParameterTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 16)]
    [InlineData(17, 3, 2, 3, 3)]
    [InlineData(33, 5, 3, 2, 16)]
    [InlineData(16, 16, 1, 4, 16)]
    public void Weight_ToFileAndBack_KeepsOrderAndClearsSurplusLanes(int k, int c, int r, int s, int pitch)
    {
        using Weight weight = new("w", k, c, r, s, pitch);
        Assert.Equal([k, c, r, s], weight.Dimensions);
        Assert.Equal((k + 15) / 16 * 16 * r * s * pitch, weight.StoredLength);
        float[] file = [.. Enumerable.Range(1, k * c * r * s).Select(i => (float)i)];
        float[] stored = new float[weight.StoredLength];
        Array.Fill(stored, float.NaN);
        weight.FromFile(file, stored);

        // [⌈K/16⌉][R][S][pitch of C][16], by its definition; every place that no (k,c,r,s) owns is zero.
        for (int at = 0; at < stored.Length; at++)
        {
            (int lane, int rest) = (at % 16, at / 16);
            (int ci, int rest2) = (rest % pitch, rest / pitch);
            (int si, int rest3) = (rest2 % s, rest2 / s);
            (int ri, int block) = (rest3 % r, rest3 / r);
            int ki = (block * 16) + lane;
            bool owned = ki < k && ci < c;
            Assert.Equal(owned ? file[(((((ki * c) + ci) * r) + ri) * s) + si] : 0f, stored[at]);
            if (owned)
            {
                Assert.Equal(at, weight.StoredIndex(ki, ci, ri, si));
            }
        }

        float[] again = new float[file.Length];
        weight.ToFile(stored, again);
        Assert.Equal(file, again);
    }

    [Fact]
    public void ChannelParameter_ToFileAndBack_ClearsSurplusLanes()
    {
        Parameter[] parameters = [new Bias("b", 5), new Slope("a", 5, shared: false), new Bias("b", 16), new Slope("a", 5, shared: true)];
        foreach (Parameter parameter in parameters)
        {
            using (parameter)
            {
                float[] file = [.. Enumerable.Range(1, (int)parameter.Count).Select(i => (float)i)];
                float[] stored = new float[parameter.StoredLength];
                Array.Fill(stored, float.NaN);
                parameter.FromFile(file, stored);
                Assert.Equal(file, stored[..file.Length]);
                Assert.All(stored[file.Length..], lane => Assert.Equal(0f, lane));
                float[] again = new float[file.Length];
                parameter.ToFile(stored, again);
                Assert.Equal(file, again);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decays_ByType_WeightsYesSlopesNeverBiasesIfAsked(bool decayBiases)
    {
        using Weight weight = new("w", 1, 1, 1, 1, 16);
        using Bias bias = new("b", 1);
        using Slope slope = new("a", 1, shared: true);
        using Slope channelSlopes = new("a", 4, shared: false);
        Assert.True(weight.Decays(decayBiases));
        Assert.Equal(decayBiases, bias.Decays(decayBiases));
        Assert.False(slope.Decays(decayBiases));
        Assert.False(channelSlopes.Decays(decayBiases));
        Assert.Equal("slope: never", slope.DecayReason);
    }

    [Fact]
    public void Weight_Fans_CountConnections()
    {
        using Network network = new(
            "net",
            MapShape.Map(1, 5, 5, 6),
            [new Convolution("conv", 6, 10, new Window(3, 2, 1, 1, 0, 0, 0, 0)), new Linear("fc", MapShape.Map(1, 3, 4, 10), 7)]);
        Weight filters = ((Convolution)network.Layers[0]).Weight;
        Assert.Equal((3 * 2 * 6, 3 * 2 * 10), (filters.FanIn, filters.FanOut));

        // Each of a map's 3·4·10 numbers reaches every one of the 7 outputs once: no positions to sum over.
        Weight full = ((Linear)network.Layers[1]).Weight;
        Assert.Equal((3 * 4 * 10, 7), (full.FanIn, full.FanOut));
    }
}
