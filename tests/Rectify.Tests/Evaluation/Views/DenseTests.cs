using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Kernels;
using Rectify.Kernels.Simd;
using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Tests.Evaluation;

public sealed class DenseTests
{
    // float32 forward passes of the same sums; the inputs differ by roundings of the mean.
    private const double Tolerance = 2e-5;

    [Theory]
    [InlineData(1, 16, new[] { 4, 2, 1 }, new[] { 16, 21, 29 }, MeanKind.PerPixel)]
    [InlineData(2, 14, new[] { 7, 3, 2, 1 }, new[] { 14, 15, 24 }, MeanKind.PerPixel)]
    [InlineData(3, 13, new[] { 3, 1 }, new[] { 13, 19 }, MeanKind.PerChannel)]
    [InlineData(4, 24, new[] { 5, 2 }, new[] { 9, 15, 24, 30 }, MeanKind.PerPixel)]
    [InlineData(5, 12, new int[] { }, new[] { 12, 17, 22 }, MeanKind.PerPixel)]
    [InlineData(6, 28, new[] { 7, 3, 2, 1 }, new[] { 28, 44 }, MeanKind.PerPixel)]
    public void Dense_AnyCropLevelsAndScales_EqualsTheSlowDefinition(int seed, int crop, int[] levels, int[] scales, MeanKind kind)
    {
        ViewMember member = SmallNets.Create(seed, crop, levels, kind: kind);
        using (member.Network)
        {
            RandomPhotos photos = new(5, SmallNets.Classes);
            ViewEvaluation evaluation = Run(member, photos, new ViewOptions { Kind = ViewKind.Dense, Scales = scales, Keep = KeptScores.Every });
            MemberErrors errors = Assert.Single(evaluation.Members);
            double spread = 0;
            for (int i = 0; i < photos.Count; i++)
            {
                for (int s = 0; s < scales.Length; s++)
                {
                    double[] slow = SlowDense.Score(member, RandomPhotos.Photo(i), scales[s], cut: 5);
                    ReadOnlySpan<float> fast = errors.Scales[s].Scores!.Scores(i);
                    for (int k = 0; k < slow.Length; k++)
                    {
                        Assert.True(Math.Abs(slow[k] - fast[k]) <= Tolerance, $"photo {i}, scale {scales[s]}, class {k}: {fast[k]:R}, slowly {slow[k]:R}");
                    }

                    spread = Math.Max(spread, slow.Max() - slow.Min());
                }
            }

            // Answers that are all alike would hide anything.
            Assert.True(spread > 0.05, $"the scores spread over {spread} alone");
        }
    }

    [Fact]
    public void Dense_PhotoOfTheCropsSize_IsOneWindowAndItsMirrorImage()
    {
        ViewMember member = SmallNets.Create(7, 16, [4, 2, 1]);
        using (member.Network)
        {
            RenderedDataset pictures = new(6, 16, 3);
            ViewMember ten = member with { Classes = pictures.Classes };
            using Rectify.Layers.Network network = SmallNets.Create(7, 16, [4, 2, 1], classes: pictures.Classes).Network;
            ten = ten with { Network = network };
            ScoreTable dense = Run(ten, pictures, new ViewOptions { Kind = ViewKind.Dense, Scales = [16], Keep = KeptScores.Combined }).Scores!;
            ScoreTable views = Run(ten, pictures, new ViewOptions { Kind = ViewKind.TenView, Scales = [16], Keep = KeptScores.Combined }).Scores!;
            for (int i = 0; i < pictures.Count; i++)
            {
                // All five crops are the picture.
                for (int k = 0; k < dense.Classes.Count; k++)
                {
                    Assert.Equal(views.Scores(i)[k], dense.Scores(i)[k], 1e-6);
                }
            }
        }
    }

    [Fact]
    public void Dense_ScaleTooSmallForTheNetwork_IsRefusedAtOnce()
    {
        ViewMember pooled = SmallNets.Create(1, 16, [2, 1]), whole = SmallNets.Create(2, 16, []);
        using (pooled.Network)
        using (whole.Network)
        using (Workers workers = new(1))
        {
            KernelContext context = new(workers, IsaDetection.Widest);
            UsageException e = Assert.Throws<UsageException>(() => new ViewEvaluator([pooled], context, new ViewOptions { Kind = ViewKind.Dense, Scales = [16, 1] }));
            Assert.Contains("--scales 1:", e.Message, StringComparison.Ordinal);
            Assert.Contains("choose 16 or more", e.Message, StringComparison.Ordinal);
            e = Assert.Throws<UsageException>(() => new ViewEvaluator([whole], context, new ViewOptions { Kind = ViewKind.Dense, Scales = [15, 16] }));
            Assert.Contains("--scales 15:", e.Message, StringComparison.Ordinal);
            e = Assert.Throws<UsageException>(() => new ViewEvaluator([whole], context, new ViewOptions { Kind = ViewKind.TenView, Scales = [15] }));
            Assert.Contains("16, the crop,", e.Message, StringComparison.Ordinal);
            e = Assert.Throws<UsageException>(() => new ViewEvaluator([whole], context, new ViewOptions { Scales = [17, 17] }));
            Assert.Contains("twice", e.Message, StringComparison.Ordinal);
        }
    }

    private static ViewEvaluation Run(ViewMember member, IDataset photos, ViewOptions options)
    {
        using Workers workers = new(2);
        using ViewEvaluator evaluator = new([member], new KernelContext(workers, IsaDetection.Widest), options);
        return evaluator.Run(photos, cancellation: TestContext.Current.CancellationToken);
    }
}
