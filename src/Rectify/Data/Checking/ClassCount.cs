namespace Rectify.Data.Checking;

/// <summary>How many pictures a class has in each part.</summary>
/// <param name="Name">The class.</param>
/// <param name="Training">Pictures to learn from (all, where the set is not divided).</param>
/// <param name="Validation">Pictures for validation.</param>
/// <param name="Test">Pictures for the test.</param>
public sealed record ClassCount(string Name, int Training, int Validation, int Test);
