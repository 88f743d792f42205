using Rectify.Evaluation;

namespace Rectify.Tests.Evaluation;

public sealed class HumanErrorTests
{
    [Fact]
    public void Applies_ToImageNet_Alone()
    {
        string[] ids = [.. Enumerable.Range(0, 1000).Select(k => $"n{k:D8}")];
        Assert.True(HumanError.Applies(ids));
        Assert.False(HumanError.Applies(ids[..999]));
        Assert.False(HumanError.Applies([.. ids[..999], "tench"]));
    }
}
