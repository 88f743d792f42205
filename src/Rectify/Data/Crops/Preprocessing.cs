namespace Rectify.Data;

/// <summary>From a picture to a network's input, for crops of one size: pixels 0..255, RGB, minus the mean, divided by nothing.</summary>
/// <remarks>
/// Crops under 96 pixels are for small pictures: padded by an eighth, cropped at random and flipped in training, whole in evaluation. Larger ones follow the
/// paper at its proportions: the shorter side jittered between 256/224 and 512/224 of the crop in training, 256/224 of it and the center in evaluation.
/// </remarks>
/// <param name="Crop">Rows and columns of the network's input.</param>
public readonly record struct Preprocessing(int Crop)
{
    /// <summary>Crops below this many pixels are for small pictures.</summary>
    public const int SmallCrop = 96;

    /// <summary>Rows and columns of the paper's crops.</summary>
    public const int PaperCrop = 224;

    /// <summary>How the scale of the input is written down in recipes and checkpoints.</summary>
    public const string InputScale = "RGB 0..255 minus mean, divided by nothing";

    private const int MostTried = 1000;
    private const int PaperScale = 256;
    private const int PaperLargestScale = 512;

    /// <summary>The shorter side of a picture in evaluation.</summary>
    public int EvaluationScale => Crop < SmallCrop ? Crop : Scaled(PaperScale);

    /// <summary>The shorter side of a picture whose corners are looked at too: 256 for crops of 224, and at that proportion for all others, so that corners are not
    /// the center.</summary>
    public int TenViewScale => Scaled(PaperScale);

    /// <summary>The largest shorter side of a picture in training.</summary>
    public int LargestTrainingScale => Crop < SmallCrop ? Crop : PaperScales.Max;

    /// <summary>32 where the first picture that can be read is under 96 pixels, else 224.</summary>
    public static int DefaultCrop(IDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        for (int i = 0; ; i++)
        {
            try
            {
                // A picture that comes smaller than it is has at least twice the side that was asked for, and so stays on its side of the limit.
                RgbImage first = data.Read(i, SmallCrop);
                return DefaultCrop(first.Width, first.Height);
            }
            catch (Tensors.RectifyException) when (i + 1 < Math.Min(data.Count, MostTried))
            {
                // One that cannot be read is left out of training as well.
            }
        }
    }

    /// <summary>32 for pictures under 96 pixels, else 224.</summary>
    public static int DefaultCrop(int width, int height) => Math.Min(width, height) < SmallCrop ? 32 : PaperCrop;

    /// <summary>The paper's scales, 256 to 512 for crops of 224, at this crop's proportion.</summary>
    public (int Min, int Max) PaperScales => (Scaled(PaperScale), Scaled(PaperLargestScale));

    /// <summary>What training sees.</summary>
    /// <param name="mean">What is subtracted.</param>
    /// <param name="augmentation">How pictures are varied; scales that are given are for crops of any size. Null: the default.</param>
    /// <param name="colour">Alters the colours; null: they stay.</param>
    public SampleTransform Training(MeanImage mean, Augmentation? augmentation = null, ColourShift? colour = null)
    {
        if (augmentation is { ScaleMin: > 0 })
        {
            return new ResizeCropFlip(Crop, augmentation.ScaleMin, augmentation.ScaleMax, mean, colour);
        }

        return Crop < SmallCrop ? new PadCropFlip(Crop, mean, colour) : new ResizeCropFlip(Crop, PaperScales.Min, PaperScales.Max, mean, colour);
    }

    /// <summary>What evaluation sees.</summary>
    public SampleTransform Evaluation(MeanImage mean) => new CenterCrop(Crop, EvaluationScale, mean);

    private int Scaled(int scale) => (int)Math.Round((double)Crop * scale / PaperCrop);
}
