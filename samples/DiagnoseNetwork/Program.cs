// Asks of a network of one's own, before the first step, whether it will learn: from He's initialization and from Xavier's.
using System.Globalization;
using Rectify.Data;
using Rectify.Diagnostics;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Threading;
using Rectify.Layers;
using Rectify.Tensors;

const int Size = 32, Filters = 16, Depth = 30;
RenderedDataset data = new(200, Size, seed: 1);
MeanImage mean = MeanImage.Compute(data, Size, Size);

// Thirty convolutions one after another, each with a ReLU; a pooling now and then.
MapShape input = MapShape.Image(1, Size, Size, 3), shape = input;
List<Layer> layers = [];
for (int i = 1; i <= Depth; i++)
{
    Add(new Convolution($"conv{i}", shape.C, Filters, Window.Square(3, pad: 1), packedInput: i == 1));
    Add(new ReLU($"relu{i}"));
    if (i % 10 == 0)
    {
        Add(new MaxPool($"pool{i / 10}", Window.Square(2, stride: 2)));
    }
}

Add(new Linear("scores", shape, data.Classes.Count));
using Network network = new("thirty", input, layers);
using Workers workers = new(Environment.ProcessorCount);

foreach (InitializationRule rule in (InitializationRule[])[InitializationRule.HeOut, InitializationRule.Xavier])
{
    InitializationScheme scheme = new(rule);
    Initializer.Apply(network, new InitializationOptions { Scheme = scheme }, seed: 1, workers);
    Diagnosis diagnosis = Diagnosis.Of(
        network, new KernelContext(workers), data, new CenterCrop(Size, Size, mean), new DiagnosisOptions { LearningRate = 0.01, Scheme = scheme }, images: 32);
    Console.WriteLine($"{scheme}: {diagnosis.Sentence}.");
    if (diagnosis.Verdict != Verdict.Healthy)
    {
        Console.WriteLine($"  to do: {diagnosis.Advice}");
    }

    foreach (PropagationRow row in diagnosis.Layers.Where((_, i) => i % 6 == 0))
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {row.Name,-7} forward {row.MeasuredForward,8:G2} (theory {row.PredictedForward:G2})   backward {row.MeasuredBackward,8:G2}"));
    }
}

void Add(Layer layer)
{
    shape = layer.Output(shape);
    layers.Add(layer);
}
