namespace Rectify.Tensors;

/// <summary>An option or argument that makes no sense: the command ends with exit code 2.</summary>
public sealed class UsageException : RectifyException
{
    /// <summary>An error with its sentence.</summary>
    public UsageException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its sentence and its cause.</summary>
    public UsageException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>An error without a sentence; prefer the others.</summary>
    public UsageException()
    {
    }

    /// <summary>Throws unless something holds.</summary>
    /// <param name="holds">What must hold.</param>
    /// <param name="sentence">What is wrong, where, and the remedy; numbers are written the same in all countries.</param>
    /// <exception cref="UsageException">It does not.</exception>
    public static void Require(bool holds, FormattableString sentence)
    {
        if (!holds)
        {
            throw new UsageException(FormattableString.Invariant(sentence));
        }
    }
}
