namespace Rectify.Tensors;

/// <summary>What went wrong with something that came from outside (a file, an option, a shape): one sentence with what, where and the remedy.</summary>
/// <remarks>The command prints the message alone and ends with exit code 1.</remarks>
public class RectifyException : Exception
{
    /// <summary>An error with its sentence.</summary>
    public RectifyException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its sentence and its cause.</summary>
    public RectifyException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>An error without a sentence; prefer the others.</summary>
    public RectifyException()
    {
    }
}
