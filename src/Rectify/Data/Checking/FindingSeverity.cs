namespace Rectify.Data.Checking;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>Training works, and is worse for it or may be.</summary>
    Warning,

    /// <summary>Does harm: training refuses it, leaves it out, or learns or measures something wrong.</summary>
    Error,
}
