namespace Rectify.Reproduction;

/// <summary>What differs from the paper at a scale, whatever the experiment: printed with each result.</summary>
internal static class ScaleDifferences
{
    private const string View = "Errors are of one center view; the paper's Tables 1 and 2 and its text use 10 views.";

    /// <summary>The differences, a sentence each.</summary>
    public static IReadOnlyList<string> Of(ReproductionScale scale) => scale switch
    {
        ReproductionScale.Builtin =>
        [
            "Data: built-in pictures of ten shapes, 32×32 (figure-3: 16×16), instead of ImageNet 2012 (1000 classes, 1.28 million photos).",
            "The network's form for small crops (conv1 3×3 with stride 1, pyramid {4,2,1}, hidden layers of 512), at a quarter of the width (an eighth for model B); "
            + "24 epochs or fewer instead of 75.",
            View,
        ],
        ReproductionScale.Cifar =>
        [
            "Data: CIFAR-10 (10 classes, 50,000 pictures of 32×32; a tenth of each class is held out for validation) instead of ImageNet 2012 (1000 classes, 1.28 million photos).",
            "The network's form for small crops (conv1 3×3 with stride 1, pyramid {4,2,1}, hidden layers of 512), at a quarter of the width (an eighth for model B); "
            + "15 epochs or fewer instead of 75.",
            View,
        ],
        ReproductionScale.Photos =>
        [
            "Data: a small set of photos instead of ImageNet 2012 (1000 classes, 1.28 million photos).",
            "A quarter of the width (an eighth for model B); batches of 32 and a rate of 0.002, for ten classes and few photos; 28 epochs or fewer instead of 75.",
            View,
        ],
        _ =>
        [
            "Not stated in the paper, and so ours: when an error plateaus, the padding of the 14- and 30-layer models, the σ of colour altering (docs/paper-map.md).",
            View,
        ],
    };
}
