namespace Rectify.Reports;

/// <summary>A picture with the five classes that a network thinks most probable.</summary>
/// <param name="Name">The picture's name.</param>
/// <param name="Label">Its class.</param>
/// <param name="Picture">A small copy, as a data URI.</param>
/// <param name="Answers">The classes, the most probable first.</param>
/// <param name="Rank">Place of its class among all answers, 0 the first.</param>
public sealed record PhotoAnswer(string Name, string Label, string Picture, IReadOnlyList<ClassScore> Answers, int Rank)
{
    /// <summary>Whether the first answer is right.</summary>
    public bool IsRight => Rank == 0;
}
