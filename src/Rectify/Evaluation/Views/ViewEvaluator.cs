using System.Diagnostics;
using Rectify.Data;
using Rectify.Kernels;
using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>Counts errors with several views of each image, at one scale or several, with one network or several: every file is read once.</summary>
/// <remarks>
/// <para>A view's scores are the softmax of the network's outputs. They are averaged over the views of an image at a scale (windows in the order of their rows, the photo
/// before its mirror image), these over scales, and these, weighted, over networks; every average is made in float64, in that order, and rounded to float32. Errors are
/// counted on these averages by <see cref="TopK"/>.</para>
/// <para>No number depends on batch, threads or loader, to the bit. Several scales decode each file once, for the largest of them, so that the pixels of the smaller ones may
/// differ in their last bit from those of an evaluation at that scale alone.</para>
/// </remarks>
public sealed class ViewEvaluator : IDisposable
{
    private readonly IReadOnlyList<ViewMember> _members;
    private readonly KernelContext _context;
    private readonly ViewOptions _options;
    private readonly List<IReadOnlyList<int>> _scales = [];
    private readonly List<ViewScorer> _scorers = [];
    private readonly int[] _sides;

    /// <summary>An evaluator; takes the memory that does not depend on the images.</summary>
    /// <param name="members">The networks; not disposed.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="options">What is looked at.</param>
    /// <exception cref="UsageException">Classes differ, a weight is not above 0, a network cannot run at a scale or has no such views.</exception>
    public ViewEvaluator(IReadOnlyList<ViewMember> members, KernelContext context, ViewOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentOutOfRangeException.ThrowIfZero(members.Count, nameof(members));
        (_members, _context, _options) = (members, context, options ?? new ViewOptions());
        try
        {
            foreach (ViewMember member in members)
            {
                UsageException.Require(double.IsFinite(member.Weight) && member.Weight > 0, $"--weights {member.Weight}: a network's weight must be above 0.");
                _ = MemberTally.Places(member, members[0].Classes);
                _scales.Add(_options.ScalesFor(member.Network.Input.H));
                _scorers.Add(ViewScorer.Create(member, context, _options));
                _scorers[^1].Check(_scales[^1]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        _sides = [.. _scales.SelectMany(scales => scales).Distinct()];
    }

    /// <summary>Evaluates all images.</summary>
    /// <param name="data">Images and labels; its classes go by name.</param>
    /// <param name="images">What to call the images in tables of scores.</param>
    /// <param name="progress">Hears how many images are done.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="RectifyException">No image could be read; the data has a class that the networks do not know; a photo does not fit the memory.</exception>
    /// <exception cref="ScoresNotFiniteException">A score is NaN or infinite; the message names the picture.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public ViewEvaluation Run(IDataset data, string images = "", Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        long started = Stopwatch.GetTimestamp();
        data = ClassMap.Apply(data, _members[0].Classes);
        ScoreOrigin[] origins = _options.Keep == KeptScores.None ? [] : Origins(data, images);
        MemberTally[] members =
            [.. _members.Select((member, m) => new MemberTally(member, _scales[m], data, _options.Keep == KeptScores.Every ? origins[m] : null))];
        ScoreTally all = new(data, origins.Length == 0 ? null : CombinedOrigin.Of(origins, [.. _members.Select(member => member.Weight)]));
        List<SampleFailure> failures = [];
        Queue<(int Image, ScoreSum[][] Sums)> pending = [];
        int done = 0;
        using ScaledPictureLoader loader = new(data, _sides, Math.Min(_options.LoaderWorkers, data.Count));
        for (int image = 0; image < data.Count; image++)
        {
            ScaledPicture picture = loader.Take(cancellation);
            if (picture.Failure is { } failure)
            {
                failures.Add(failure);
                done++;
            }
            else
            {
                pending.Enqueue((image, Score(picture, data.Name(image))));
            }

            Count(whole: false);
        }

        foreach (ViewScorer scorer in _scorers)
        {
            scorer.Flush();
        }

        Count(whole: true);
        if (failures.Count == data.Count)
        {
            throw new RectifyException($"None of the {data.Count} images could be read; check the data set. The first: {failures[0].Reason}");
        }

        if (!_options.SkipUnreadable)
        {
            CountUnreadable(failures.Count, members, all);
        }

        return new ViewEvaluation([.. members.Select(member => member.Result)], all.Errors, all.Scores, failures, Stopwatch.GetElapsedTime(started).TotalSeconds);

        void Count(bool whole)
        {
            for (; pending.TryPeek(out (int Image, ScoreSum[][] Sums) first) && first.Sums.All(scales => scales.All(sum => sum.IsWhole)); done++)
            {
                CountImage(pending.Dequeue(), members, all);
            }

            Debug.Assert(!whole || pending.Count == 0, "A view has not been scored.");
            progress?.Invoke(done);
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        foreach (ViewScorer scorer in _scorers)
        {
            scorer.Dispose();
        }
    }

    private static void CountUnreadable(int unreadable, MemberTally[] members, ScoreTally all)
    {
        for (int i = 0; i < unreadable; i++)
        {
            foreach (MemberTally member in members)
            {
                member.AddUnreadable();
            }

            all.AddUnreadable();
        }
    }

    private ScoreSum[][] Score(ScaledPicture picture, string name)
    {
        ScoreSum[][] sums = new ScoreSum[_members.Count][];
        for (int m = 0; m < sums.Length; m++)
        {
            sums[m] = new ScoreSum[_scales[m].Count];
            for (int i = 0; i < sums[m].Length; i++)
            {
                sums[m][i] = new ScoreSum(name, _members[m].Classes.Count);
                _scorers[m].Add(picture.Pictures[Array.IndexOf(_sides, _scales[m][i])], sums[m][i]);
            }
        }

        return sums;
    }

    private void CountImage((int Image, ScoreSum[][] Sums) scored, MemberTally[] members, ScoreTally all)
    {
        double[] sum = new double[_members[0].Classes.Count];
        double weights = 0;
        for (int m = 0; m < members.Length; m++)
        {
            float[] scores = members[m].Add(scored.Image, scored.Sums[m]);
            weights += _members[m].Weight;
            for (int k = 0; k < sum.Length; k++)
            {
                sum[k] += _members[m].Weight * scores[k];
            }
        }

        all.Add(scored.Image, [.. sum.Select(score => (float)(score / weights))]);
    }

    private ScoreOrigin[] Origins(IDataset data, string images)
    {
        string fingerprint = DatasetFingerprint.Compute(data);
        string kernels = $"{_context.Isa}{(_context.Exact ? " exact" : "")}";
        return [.. _members.Select((member, m) => new ScoreOrigin(
            member.Name, ModelFingerprint.Of(member.Network, member.Mean), images, fingerprint, ViewNames.Of(_options.Kind), _scales[m], kernels))];
    }
}
