namespace Rectify.Reproduction.Experiments;

/// <summary>Table 6: single models, dense testing at several scales.</summary>
internal sealed class Table6 : SingleModels
{
    public override string Name => "table-6";

    public override string Place => "Table 6";

    public override string Shows => "dense testing at several scales: A, ReLU 24.02/6.51; A, PReLU 22.97/6.28; B 22.85/6.27; C 21.59/5.71 %";

    private protected override IReadOnlyList<(double Top1, double Top5)> Paper { get; } = [(24.02, 6.51), (22.97, 6.28), (22.85, 6.27), (21.59, 5.71)];

    private protected override string View => "Dense testing, the scores of three scales averaged";

    private protected override TestView ViewFor(int crop) => TestView.DenseFor(crop);
}
