namespace Rectify.Reproduction.Experiments;

/// <summary>Table 5: single models, ten views.</summary>
internal sealed class Table5 : SingleModels
{
    public override string Name => "table-5";

    public override string Place => "Table 5";

    public override string Shows => "ten views: A, ReLU 26.48/8.59; A, PReLU 25.59/8.23; B 25.53/8.13; C 24.27/7.38 %";

    private protected override IReadOnlyList<(double Top1, double Top5)> Paper { get; } = [(26.48, 8.59), (25.59, 8.23), (25.53, 8.13), (24.27, 7.38)];

    private protected override string View => "Ten views";

    private protected override TestView ViewFor(int crop) => TestView.TenFor(crop);
}
