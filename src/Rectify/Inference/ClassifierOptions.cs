using Rectify.Kernels.Simd;
using Rectify.Tensors;

namespace Rectify.Inference;

/// <summary>What a classifier answers and with which means. Batch and threads do not change an answer, to the bit; the vector width may, in the last bits.</summary>
public sealed record ClassifierOptions
{
    /// <summary>Classes in an answer, best first; all of them where there are fewer.</summary>
    public int Top { get; init; } = 5;

    /// <summary>"best" or "last"; null for best where there is one, else last.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The most pictures in one forward pass; their number decides how much memory the pass takes.</summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>Threads that compute; 0 for one on each core.</summary>
    public int Threads { get; init; }

    /// <summary>The widest vectors that may be used, where the machine has them.</summary>
    public Isa MaxIsa { get; init; } = Isa.V512;

    /// <summary>Leaves out approximate kernels, which are Winograd's.</summary>
    public bool Exact { get; init; }

    /// <summary>Refuses values that make no sense.</summary>
    /// <exception cref="RectifyException">A value is out of range.</exception>
    internal void Check()
    {
        AtLeast(1, Top, nameof(Top));
        AtLeast(1, MaxBatch, nameof(MaxBatch));
        AtLeast(0, Threads, nameof(Threads));
    }

    private static void AtLeast(int least, int value, string name)
    {
        if (value < least)
        {
            throw new RectifyException($"The classifier: {name} is {value}; choose {least} or more.");
        }
    }
}
