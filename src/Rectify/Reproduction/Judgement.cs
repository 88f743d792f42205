namespace Rectify.Reproduction;

/// <summary>What a test that was fixed beforehand says of the paper's claim.</summary>
public enum Judgement
{
    /// <summary>Nothing is judged: a figure that shows examples.</summary>
    Shown,

    /// <summary>Found here as the paper says.</summary>
    Agrees,

    /// <summary>The evidence does not decide.</summary>
    Undecided,

    /// <summary>Found here to be otherwise.</summary>
    Contradicts,
}

/// <summary>Judgements in words.</summary>
public static class Judgements
{
    /// <summary>A judgement in words.</summary>
    public static string NameOf(Judgement judgement) => judgement switch
    {
        Judgement.Shown => "shown, nothing is judged",
        Judgement.Agrees => "agrees with the paper",
        Judgement.Contradicts => "contradicts the paper",
        _ => "undecided",
    };

    /// <summary>Of several claims: a contradiction goes before what is undecided, and that before agreement.</summary>
    public static Judgement Of(IEnumerable<Judgement> claims) => claims.DefaultIfEmpty(Judgement.Shown).Max();
}
