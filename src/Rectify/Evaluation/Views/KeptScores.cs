namespace Rectify.Evaluation;

/// <summary>Which tables of scores an evaluation keeps: one for 50,000 images of 1,000 classes takes 200 MB.</summary>
public enum KeptScores
{
    /// <summary>None: errors alone are counted.</summary>
    None,

    /// <summary>That of all networks and scales together.</summary>
    Combined,

    /// <summary>That, each network's, and each network's at each scale.</summary>
    Every,
}
