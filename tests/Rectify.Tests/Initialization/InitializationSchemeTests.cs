using Rectify.Initialization;
using Rectify.Tensors;

namespace Rectify.Tests.Initialization;

public sealed class InitializationSchemeTests
{
    [Theory]
    [InlineData("he-out", InitializationRule.HeOut)]
    [InlineData("he-in", InitializationRule.HeIn)]
    [InlineData("xavier", InitializationRule.Xavier)]
    [InlineData("xavier-uniform", InitializationRule.XavierUniform)]
    [InlineData("orthogonal", InitializationRule.Orthogonal)]
    [InlineData("lsuv", InitializationRule.Lsuv)]
    [InlineData("fixed:0.025", InitializationRule.Fixed)]
    public void Parse_EveryName_ReadsWhatToStringWrites(string text, InitializationRule rule)
    {
        InitializationScheme scheme = InitializationScheme.Parse(text);
        Assert.Equal(rule, scheme.Rule);
        Assert.Equal(text, scheme.ToString());
    }

    [Fact]
    public void Parse_Fixed_ReadsTheStd() => Assert.Equal(0.025, InitializationScheme.Parse("fixed:0.025").Std);

    [Theory]
    [InlineData("")]
    [InlineData("He-Out")]
    [InlineData("fixed")]
    [InlineData("fixed:")]
    [InlineData("fixed:0")]
    [InlineData("fixed:-0.01")]
    [InlineData("fixed:nan")]
    [InlineData("fixed:Infinity")]
    [InlineData("fixed:0,01")]
    public void Parse_AnythingElse_NamesTheTextAndTheChoices(string text)
    {
        string message = Assert.ThrowsAny<RectifyException>(() => InitializationScheme.Parse(text)).Message;
        const string Choices = "he-out, he-in, xavier, xavier-uniform, orthogonal, lsuv, fixed:STD";
        Assert.Equal($"'{text}' is no initialization; choose one of {Choices}, STD being a positive number.", message);
    }

    [Theory]
    [InlineData(576, 0.0, 0.05893)]
    [InlineData(576, 0.25, 0.05717)]
    [InlineData(576, 1.0, 0.04167)]
    public void HeStd_ByHand_IsEquations10And15(int fan, double slope, double expected) =>
        Assert.Equal(expected, InitializationMath.HeStd(fan, slope), 5);
}
