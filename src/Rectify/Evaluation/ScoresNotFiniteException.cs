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
}
