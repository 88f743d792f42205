using Rectify.Kernels.Simd;

namespace Rectify.Tests.Kernels.Simd;

public sealed class VectorWidthTests
{
    // The canary of a pass at another width: DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 and DOTNET_EnableHWIntrinsic=0 must do what their names say.
    [Fact]
    public void Widest_EqualsWhatTheTestPassAskedFor()
    {
        string? asked = Environment.GetEnvironmentVariable("RECTIFY_EXPECT_ISA");
        Assert.SkipWhen(string.IsNullOrEmpty(asked), "RECTIFY_EXPECT_ISA is not set: this pass takes the width that the machine has.");
        Assert.Equal(Enum.Parse<Isa>(asked!), IsaDetection.Widest);
    }

    [Fact]
    public void AtMost_AnyCap_IsTheNarrowerOfCapAndMachine()
    {
        foreach (Isa cap in Enum.GetValues<Isa>())
        {
            Assert.Equal(cap < IsaDetection.Widest ? cap : IsaDetection.Widest, IsaDetection.AtMost(cap));
        }
    }

    [Fact]
    public void Widths_EachLanes_MatchTheirIsa()
    {
        Assert.Equal((int)Isa.V512, Lanes512.Width);
        Assert.Equal((int)Isa.V256, Lanes256.Width);
        Assert.Equal((int)Isa.V128, Lanes128.Width);
        Assert.Equal((int)Isa.Scalar, Lanes1.Width);
    }
}
