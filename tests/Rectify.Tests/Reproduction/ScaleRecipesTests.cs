using Rectify.Reproduction;
using Rectify.Training;

namespace Rectify.Tests.Reproduction;

public sealed class ScaleRecipesTests
{
    [Fact]
    public void Describe_ModelsOfOneSetting_AreNamedTogether()
    {
        Recipe first = new() { Model = "small14", Width = 0.25, Size = 32 };
        Recipe second = first with { Model = "small30" };
        string words = ScaleRecipes.Describe([first, second, first with { Activation = "relu" }, second]);
        Assert.StartsWith("small14, small30 × 0.25, crops of 32, ", words, StringComparison.Ordinal);
        Assert.DoesNotContain("; small", words, StringComparison.Ordinal);
        Assert.Contains("; b × 0.125, ", ScaleRecipes.Describe([first, first with { Model = "b", Width = 0.125 }]), StringComparison.Ordinal);
    }
}
