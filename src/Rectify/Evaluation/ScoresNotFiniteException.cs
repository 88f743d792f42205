using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>A network's scores for a picture are NaN or infinite: they rank nothing.</summary>
public sealed class ScoresNotFiniteException : RectifyException
{
    /// <summary>An error with its sentence.</summary>
    public ScoresNotFiniteException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its sentence and its cause.</summary>
    public ScoresNotFiniteException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>An error without a sentence; prefer the others.</summary>
    public ScoresNotFiniteException()
    {
    }

    /// <summary>The first such picture.</summary>
    public string File { get; init; } = "";

    /// <summary>The error of a network's scores for a picture.</summary>
    /// <param name="model">What to call the network.</param>
    /// <param name="picture">What to call the picture.</param>
    internal static ScoresNotFiniteException Of(string model, string picture) =>
        new($"The scores of {model} for {picture} are NaN or infinite, and so rank nothing: the weights have run away; "
            + "take an earlier checkpoint, or train again with a lower --lr.")
        {
            File = picture,
        };
}
