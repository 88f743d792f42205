namespace Rectify.Data.Checking;

/// <summary>A sample of a set that is checked.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="ClassName">Its class.</param>
internal readonly record struct CheckEntry(string Name, string ClassName);
