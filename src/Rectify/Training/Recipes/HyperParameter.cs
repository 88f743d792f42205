namespace Rectify.Training;

/// <summary>A hyper-parameter of a recipe beside the paper's.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">Its value in the recipe.</param>
/// <param name="Origin">Where the value comes from.</param>
/// <param name="Paper">The paper's value; empty where it states none.</param>
/// <param name="Place">Where the paper states it, or why it cannot be found there.</param>
public sealed record HyperParameter(string Name, string Value, ValueOrigin Origin, string Paper, string Place);

/// <summary>Where a hyper-parameter's value comes from.</summary>
public enum ValueOrigin
{
    /// <summary>It is the paper's.</summary>
    Paper,

    /// <summary>The paper states another.</summary>
    Changed,

    /// <summary>The paper does not state it.</summary>
    NotStated,
}
