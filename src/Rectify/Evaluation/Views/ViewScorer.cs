using Rectify.Data;
using Rectify.Kernels;

namespace Rectify.Evaluation;

/// <summary>Scores the views of pictures with one network. Scores come when a batch is full: see <see cref="ScoreSum.IsWhole"/>.</summary>
internal abstract class ViewScorer : IDisposable
{
    /// <summary>The scorer of a kind of views.</summary>
    public static ViewScorer Create(ViewMember member, KernelContext context, ViewOptions options) => options.Kind == ViewKind.Dense
        ? new DenseScorer(member, context, options)
        : new CropScorer(member, context, options);

    /// <summary>Refuses scales at which the network cannot run.</summary>
    /// <exception cref="Tensors.UsageException">There is one.</exception>
    public virtual void Check(IReadOnlyList<int> scales)
    {
    }

    /// <summary>Takes a picture.</summary>
    /// <param name="picture">The picture, its shorter side at the scale.</param>
    /// <param name="sum">Gets the views' probabilities, at once or later.</param>
    public abstract void Add(RgbImage picture, ScoreSum sum);

    /// <summary>Scores what waits for a full batch.</summary>
    public abstract void Flush();

    public abstract void Dispose();
}
