using System.Globalization;
using Rectify.Data;
using Rectify.Layers;

namespace Rectify.Training;

/// <summary>Every hyper-parameter of a recipe, one by one beside what the paper states for that model.</summary>
public sealed class PaperComparison
{
    private const string Training = "section 3";
    private const string Initialization = "section 2.2";
    private const string Rectifiers = "section 2.1";

    private readonly Recipe _recipe;
    private readonly Recipe _paper;
    private readonly List<HyperParameter> _all = [];

    /// <summary>Compares.</summary>
    public PaperComparison(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        (_recipe, _paper) = (recipe, NamedRecipes.ForPaper(recipe.Model));
        (ScaleMin, ScaleMax) = Scales(recipe);
        Network();
        Pictures();
        Start();
        Steps();
        Rates();
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<HyperParameter> All => _all;

    /// <summary>Least shorter side of pictures in training.</summary>
    public int ScaleMin { get; }

    /// <summary>Largest shorter side of pictures in training.</summary>
    public int ScaleMax { get; }

    /// <summary>The learning rates in order: those that the schedule comes to at most.</summary>
    public IReadOnlyList<double> LearningRates => RatesOf(_recipe.Training);

    /// <summary>Std of each fully connected layer's weights.</summary>
    public IReadOnlyList<double> FcStds => FcStdsOf(_recipe);

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Text(IEnumerable<double> values) => string.Join(", ", values.Select(Text));

    private static IReadOnlyList<double> RatesOf(TrainerOptions training)
    {
        int drops = training.Plateau?.MostDrops ?? training.LearningRateDrops.Count(epoch => epoch < training.Epochs);
        return [.. Enumerable.Range(0, drops + 1).Select(i => training.LearningRate / Math.Pow(training.Plateau?.Factor ?? 10, i))];
    }

    private static IReadOnlyList<double> FcStdsOf(Recipe recipe)
    {
        using Network network = (recipe with { Classes = ["one", "other"] }).BuildNetwork();
        int layers = network.Layers.OfType<Linear>().Count();
        return [.. Enumerable.Repeat(recipe.FcStd, layers - 1), recipe.LastFcStd];
    }

    // 0 stands for what belongs to the crop.
    private static (int Least, int Most) Scales(Recipe recipe)
    {
        Augmentation augmentation = recipe.Augmentation;
        return augmentation.ScaleMin > 0
            ? (augmentation.ScaleMin, augmentation.ScaleMax)
            : recipe.Size < Preprocessing.SmallCrop ? (recipe.Size, recipe.Size) : new Preprocessing(recipe.Size).PaperScales;
    }

    private void Network()
    {
        bool large = _recipe.Model is "a" or "b" or "c" or "vgg19";
        Add("model", _recipe.Model, large || _recipe.Model == "small14" ? _recipe.Model : "", large ? "Table 3" : _recipe.Model switch
        {
            "small14" => "Table 1",
            "small30" => "Figure 3 gives its curve, the text its layers, not all of its sizes",
            _ => "a model of [25], not trained in the paper",
        });
        Add("width", Text(_recipe.Width), "1", "Tables 1 and 3");
        string[] rectifiers = ["prelu", "prelu-shared", "relu"];
        Add("activation", _recipe.Activation, rectifiers.Contains(_recipe.Activation) ? _recipe.Activation : string.Join(" or ", rectifiers), "Tables 2 and 4");
        Add("dropout", Text(_recipe.Dropout), Text(_paper.Dropout), $"{Training}: \"in the first two fc layers\"");
        if (NamedRecipes.IsSmall(_recipe.Model))
        {
            Add("padding of the 2×2 layers", "0 and 1 by turns", "", "see docs/paper-map.md");
        }
    }

    private void Pictures()
    {
        (int least, int most) = (_paper.Augmentation.ScaleMin, _paper.Augmentation.ScaleMax);
        bool small = least == most;
        Add("crop", Text(_recipe.Size), Text(_paper.Size), Training);
        Add("scaleMin", Text(ScaleMin), Text(least), small ? "Table 2" : $"{Training}: s \"in the range of [256,512]\"");
        Add("scaleMax", Text(ScaleMax), Text(most), small ? "Table 2: \"during both training and testing\"" : $"{Training}, \"from the beginning of training\"");
        Add("drawing of the scale", "uniform", "", "the paper says \"randomly jittered\"");
        Add("flip", "0.5", "0.5", $"{Training}: \"one half of the random samples\"");
        Add("mean", _recipe.Mean, _paper.Mean, Training);
        Add(
            "colourSigma",
            Text(_recipe.Augmentation.ColourSigma),
            _recipe.Augmentation.ColourSigma > 0 ? "" : "\"random color altering\"",
            $"{Training} refers to [16], whose σ is {Text(_paper.Augmentation.ColourSigma)}");
        Add("resizing", "bilinear, antialiased", "", "");
        Add("order of the images", "shuffled in each epoch; a last mini-batch that is not full is left out", "", "");
    }

    private void Start()
    {
        Add("weights at the start", _recipe.From.Length > 0 ? _recipe.From : "drawn", "drawn", $"{Training}: \"we directly train the very deep model\"");
        Add("init", _recipe.Initialization, _paper.Initialization, $"{Training}: \"we use Eqn.(14)\"");
        Add("fcStd", Text(FcStds), Text(FcStds.Select((_, i) => i + 1 < FcStds.Count ? _paper.FcStd : _paper.LastFcStd)), Initialization);
        Add("biases at the start", "0", "0", Initialization);
        if (_recipe.Activation.StartsWith("prelu", StringComparison.Ordinal))
        {
            Add("slopes at the start", Text(Slope.InitialValue), "0.25", Rectifiers);
            Add("weight decay of slopes", "none", "none", Rectifiers);
        }

        Add("frozen", _recipe.Training.Freeze.Count > 0 ? string.Join(",", _recipe.Training.Freeze) : "nothing", "nothing", Training);
        Add("seed", _recipe.Training.Seed.ToString(CultureInfo.InvariantCulture), "", "");
    }

    private void Steps()
    {
        TrainerOptions training = _recipe.Training;
        Add("batch", Text(training.BatchSize), Text(_paper.Training.BatchSize), Training);
        Add("momentum", Text(training.Momentum), Text(_paper.Training.Momentum), Training);
        Add("weightDecay", Text(training.WeightDecay), Text(_paper.Training.WeightDecay), Training);
        Add("weight decay of biases", training.DecayBiases ? "as of weights" : "none", "", "");
    }

    private void Rates()
    {
        TrainerOptions training = _recipe.Training;
        string schedule = training.Plateau is not null ? "plateau" : $"fixed epochs {string.Join(", ", training.LearningRateDrops)}".TrimEnd();
        Add("learningRates", Text(LearningRates), Text(RatesOf(_paper.Training)), Training);
        Add("schedule", schedule, "plateau", $"{Training}: \"switched when the error plateaus\"");
        if (training.Plateau is { } plateau)
        {
            Add("error of the plateau", "top-1 on the validation images", "", "");
            Add("patience", Text(plateau.Patience), "", "epochs");
            Add("leastGain", Text(plateau.LeastGain), "", "percentage points");
        }

        bool known = _recipe.Model != "small30";
        Add("epochs", Text(training.Epochs), known ? Text(_paper.Training.Epochs) : "", known
            ? NamedRecipes.IsSmall(_recipe.Model) ? "Table 2" : $"{Training}: \"about 80 for each model\""
            : "Figure 3 shows part of its training");
    }

    private void Add(string name, string value, string paper, string place) => _all.Add(new HyperParameter(
        name, value, paper.Length == 0 ? ValueOrigin.NotStated : value == paper ? ValueOrigin.Paper : ValueOrigin.Changed, paper, place));
}
