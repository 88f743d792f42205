using Rectify.Data;
using Rectify.Execution;
using Rectify.Kernels;

namespace Rectify.Evaluation;

/// <summary>Scores crops of pictures: the center, or the four corners and the center, then all five mirrored.</summary>
internal sealed class CropScorer : ViewScorer
{
    private readonly int _size;
    private readonly MeanImage _mean;
    private readonly bool _ten;
    private readonly ScoringBatch _batch;

    public CropScorer(ViewMember member, KernelContext context, ViewOptions options)
    {
        (_size, _mean, _ten) = (member.Network.Input.H, member.Mean, options.Kind == ViewKind.TenView);
        _batch = new ScoringBatch(new Plan(member.Network), member.Network.Input, options.BatchSize, context, member.Name);
    }

    public override void Add(RgbImage picture, ScoreSum sum)
    {
        (int right, int bottom) = (picture.Width - _size, picture.Height - _size);
        (int Left, int Top) center = (right / 2, bottom / 2);
        ReadOnlySpan<(int Left, int Top)> places = _ten ? [(0, 0), (right, 0), (0, bottom), (right, bottom), center] : [center];
        int views = _ten ? 2 * places.Length : places.Length;
        sum.Expect(views);
        for (int view = 0; view < views; view++)
        {
            (int left, int top) = places[view % places.Length];
            InputRows.Write(picture, left, top, _size, _size, view >= places.Length, _mean.Values, _batch.Rows(1));
            _batch.Add(sum, 1);
        }
    }

    public override void Flush() => _batch.Flush();

    public override void Dispose() => _batch.Dispose();
}
