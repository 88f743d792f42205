using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rectify.Communication;
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
    // Scores are kept for so many images of a rank at a time, and no more than 64 MB of them.
    private const int BlockFloats = 1 << 24;
    private const int LeastBlock = 16;
    private const int MostBlock = 512;

    private readonly Communicator _communicator;
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
    /// <param name="communicator">The processes that evaluate together, each its share of the images; null for this one alone. No number depends on how many there are.</param>
    /// <exception cref="UsageException">Classes differ, a weight is not above 0, a network cannot run at a scale or has no such views.</exception>
    public ViewEvaluator(IReadOnlyList<ViewMember> members, KernelContext context, ViewOptions? options = null, Communicator? communicator = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentOutOfRangeException.ThrowIfZero(members.Count, nameof(members));
        (_members, _context, _options, _communicator) = (members, context, options ?? new ViewOptions(), communicator ?? Alone.Instance);
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
        ScoredBlock block = new([.. _members.Select(member => member.Classes.Count)], [.. _scales.Select(scales => scales.Count)]);
        int length = _communicator.Size * Math.Clamp(BlockFloats / block.LengthOfOne, LeastBlock, MostBlock);
        int[] own = [.. Enumerable.Range(0, data.Count).Where(image => ShareOf(image / length * length).Contains(image))];
        using ScaledPictureLoader? loader = own.Length == 0 ? null : new(
            _communicator.IsShared ? new SubsetDataset(data, own) : data, _sides, Math.Min(_options.LoaderWorkers, own.Length));
        for (int begin = 0; begin < data.Count; begin += length)
        {
            Share share = ShareOf(begin);
            block.Begin(Math.Min(length, data.Count - begin));
            Score(loader, data, begin, share, block, failures, done => progress?.Invoke(Math.Min(data.Count, begin + (done * _communicator.Size))), cancellation);
            block.Gather(_communicator);
            for (int image = begin; image < Math.Min(begin + length, data.Count); image++)
            {
                if (block.IsRead(image - begin))
                {
                    CountImage(image, block, image - begin, members, all);
                }
            }
        }

        failures = GatherFailures(failures);
        if (failures.Count == data.Count)
        {
            throw new RectifyException($"None of the {data.Count} images could be read; check the data set. The first: {failures[0].Reason}");
        }

        if (!_options.SkipUnreadable)
        {
            CountUnreadable(failures.Count, members, all);
        }

        return new ViewEvaluation([.. members.Select(member => member.Result)], all.Errors, all.Scores, failures, Stopwatch.GetElapsedTime(started).TotalSeconds);

        // This rank's part of the block that begins there.
        Share ShareOf(int begin)
        {
            Share share = Share.Of(Math.Min(length, data.Count - begin), _communicator.Rank, _communicator.Size);
            return new Share(begin + share.Begin, begin + share.End);
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

    // Scores this rank's images of a block, the loader's next ones.
    private void Score(
        ScaledPictureLoader? loader, IDataset data, int begin, Share share, ScoredBlock block, List<SampleFailure> failures, Action<int> progress, CancellationToken cancellation)
    {
        Queue<(int Image, ScoreSum[][] Sums)> pending = [];
        for (int image = share.Begin; image < share.End; image++)
        {
            ScaledPicture picture = loader!.Take(cancellation);
            if (picture.Failure is { } failure)
            {
                failures.Add(failure with { Index = image });
            }
            else
            {
                pending.Enqueue((image, Score(picture, data.Name(image))));
            }

            Keep();
            progress(image + 1 - share.Begin - pending.Count);
        }

        foreach (ViewScorer scorer in _scorers)
        {
            scorer.Flush();
        }

        Keep();
        Debug.Assert(pending.Count == 0, "A view has not been scored.");
        progress(share.Count);

        void Keep()
        {
            while (pending.TryPeek(out (int Image, ScoreSum[][] Sums) first) && first.Sums.All(scales => scales.All(sum => sum.IsWhole)))
            {
                block.Put(first.Image - begin, pending.Dequeue().Sums);
            }
        }
    }

    private List<SampleFailure> GatherFailures(List<SampleFailure> failures)
    {
        if (!_communicator.IsShared)
        {
            return failures;
        }

        IReadOnlyList<string> all = _communicator.Gather(JsonSerializer.Serialize(failures, FailuresJson.Default.ListSampleFailure));
        return [.. all.SelectMany(each => JsonSerializer.Deserialize(each, FailuresJson.Default.ListSampleFailure)!).OrderBy(failure => failure.Index)];
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

    private void CountImage(int image, ScoredBlock block, int place, MemberTally[] members, ScoreTally all)
    {
        double[] sum = new double[_members[0].Classes.Count];
        double weights = 0;
        for (int m = 0; m < members.Length; m++)
        {
            float[] scores = members[m].Add(image, block, place, m);
            weights += _members[m].Weight;
            for (int k = 0; k < sum.Length; k++)
            {
                sum[k] += _members[m].Weight * scores[k];
            }
        }

        all.Add(image, [.. sum.Select(score => (float)(score / weights))]);
    }

    private ScoreOrigin[] Origins(IDataset data, string images)
    {
        string fingerprint = DatasetFingerprint.Compute(data);
        string kernels = $"{_context.Isa}{(_context.Exact ? " exact" : "")}";
        return [.. _members.Select((member, m) => new ScoreOrigin(
            member.Name, ModelFingerprint.Of(member.Network, member.Mean), images, fingerprint, ViewNames.Of(_options.Kind), _scales[m], kernels))];
    }
}

/// <summary>How ranks tell each other which images could not be read.</summary>
[JsonSerializable(typeof(List<SampleFailure>))]
internal sealed partial class FailuresJson : JsonSerializerContext
{
}
