namespace Rectify.Communication;

/// <summary>Which part of a row of things is a rank's: as even as can be, in the order of the ranks.</summary>
/// <param name="Begin">The first.</param>
/// <param name="End">One past the last.</param>
public readonly record struct Share(int Begin, int End)
{
    /// <summary>How many.</summary>
    public int Count => End - Begin;

    /// <summary>Whether something is in it.</summary>
    public bool Contains(int index) => index >= Begin && index < End;

    /// <summary>A rank's part.</summary>
    /// <param name="total">How many things there are.</param>
    /// <param name="rank">The rank.</param>
    /// <param name="size">How many ranks there are.</param>
    public static Share Of(int total, int rank, int size) => new((int)((long)total * rank / size), (int)((long)total * (rank + 1) / size));
}
