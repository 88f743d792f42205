using Rectify.Execution;
using Rectify.Initialization;
using Rectify.Kernels;
using Rectify.Kernels.Loss;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Diagnostics;

/// <summary>What the signal does on its way through a network, forward and backward: predicted by section 2.2 of the paper, and measured.</summary>
public static class Propagation
{
    /// <summary>Predicts from the rules of an initialization; neither data nor weights are looked at.</summary>
    /// <param name="network">A network with at least one layer with weights.</param>
    /// <param name="initialization">How its weights would be drawn.</param>
    public static PropagationPrediction Predict(Network network, InitializationOptions initialization)
    {
        ArgumentNullException.ThrowIfNull(network);
        Dictionary<Weight, double> stds = [];
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            if (network.Nodes[i].Weight is { } weight)
            {
                stds[weight] = Initializer.Distribution(network, i, initialization).Std;
            }
        }

        return Predict(network, weight => stds[weight], rectifier => Square(rectifier.InitialSlope));
    }

    /// <summary>Predicts from the weights and slopes as they are, as if the weights were drawn anew with their root mean square.</summary>
    /// <param name="network">A network with at least one layer with weights.</param>
    public static PropagationPrediction Predict(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Predict(network, PropagationMeter.Rms, rectifier => rectifier is PReLU prelu ? Square(PropagationMeter.Rms(prelu.Slope)) : Square(rectifier.InitialSlope));
    }

    /// <summary>Measures in one forward and backward pass, dropout as in the first training step. Parameters stay as they are.</summary>
    /// <param name="network">The network.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="input">The batch.</param>
    /// <param name="x">Its numbers, laid out as <paramref name="input"/> says.</param>
    /// <param name="labels">A class a sample: the gradient is that of the mean loss.</param>
    public static PropagationMeasurement Measure(Network network, KernelContext context, MapShape input, ReadOnlySpan<float> x, ReadOnlySpan<int> labels)
    {
        using Workspace workspace = Forward(network, context, input, x, out PropagationMeter meter);
        SoftmaxCrossEntropy.Run(
            workspace.OutputShape, workspace.Output, labels, 1.0 / input.N, new double[input.N], workspace.OutputGradient, context);
        return Backward(workspace, meter);
    }

    // The mean over the batch is taken out of the output's gradient, so nothing is left where all pictures have the same responses: biases alone would learn there.
    internal static (PropagationMeasurement Measurement, double Loss) MeasureBeyondBiases(
        Network network, KernelContext context, MapShape input, ReadOnlySpan<float> x, ReadOnlySpan<int> labels)
    {
        using Workspace workspace = Forward(network, context, input, x, out PropagationMeter meter);
        double[] losses = new double[input.N];
        SoftmaxCrossEntropy.Run(workspace.OutputShape, workspace.Output, labels, 1.0 / input.N, losses, workspace.OutputGradient, context);
        (int classes, int pitch) = (workspace.OutputShape.C, workspace.OutputShape.Pitch);
        Span<float> dy = workspace.OutputGradient;
        for (int k = 0; k < classes; k++)
        {
            double sum = 0.0;
            for (int i = 0; i < input.N; i++)
            {
                sum += dy[(i * pitch) + k];
            }

            for (int i = 0; i < input.N; i++)
            {
                dy[(i * pitch) + k] -= (float)(sum / input.N);
            }
        }

        return (Backward(workspace, meter), losses.Average());
    }

    /// <summary>Measures likewise with a gradient of the output that is given.</summary>
    /// <param name="network">The network.</param>
    /// <param name="context">Threads and vector width.</param>
    /// <param name="input">The batch.</param>
    /// <param name="x">Its numbers, laid out as <paramref name="input"/> says.</param>
    /// <param name="dy">The output's gradient, laid out like the output, surplus lanes zero.</param>
    public static PropagationMeasurement Measure(Network network, KernelContext context, MapShape input, ReadOnlySpan<float> x, ReadOnlySpan<float> dy)
    {
        using Workspace workspace = Forward(network, context, input, x, out PropagationMeter meter);
        dy.CopyTo(workspace.OutputGradient);
        return Backward(workspace, meter);
    }

    /// <summary>Prediction and measurement of the same network side by side.</summary>
    public static IReadOnlyList<PropagationRow> Compare(PropagationPrediction prediction, PropagationMeasurement measurement)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(measurement);
        (LayerPrediction first, LayerPrediction last) = (prediction.Layers[0], prediction.Layers[^1]);
        return
        [
            .. prediction.Layers.Zip(measurement.Layers, (predicted, measured) => new PropagationRow
            {
                Name = predicted.Name,
                FanIn = predicted.FanIn,
                FanOut = predicted.FanOut,
                Std = measured.WeightStd,
                HeStd = predicted.BackwardStd,
                ForwardFactor = predicted.ForwardFactor,
                BackwardFactor = predicted.BackwardFactor,
                PredictedForward = Math.Sqrt(predicted.Corrected.Forward / first.Corrected.Forward),
                MeasuredForward = measured.Response.Rms / measurement.Layers[0].Response.Rms,
                PredictedBackward = Math.Sqrt(predicted.Corrected.Backward / last.Corrected.Backward),
                MeasuredBackward = measured.InputGradient?.Rms / measurement.Layers[^1].InputGradient?.Rms,
                DeadShare = measured.DeadShare,
            }),
        ];
    }

    private static Workspace Forward(Network network, KernelContext context, MapShape input, ReadOnlySpan<float> x, out PropagationMeter meter)
    {
        ArgumentNullException.ThrowIfNull(network);
        Plan plan = new(network, Range.All, fuse: false);
        Workspace workspace = plan.CreateWorkspace(context, ExecutionMode.Training, input);
        meter = new PropagationMeter(workspace);
        workspace.Observer = meter;
        x[..input.Length].CopyTo(workspace.Input);
        plan.Forward(workspace);
        return workspace;
    }

    private static PropagationMeasurement Backward(Workspace workspace, PropagationMeter meter)
    {
        meter.Begin();
        workspace.Plan.Backward(workspace);
        return meter.Result();
    }

    private static PropagationPrediction Predict(Network network, Func<Weight, double> std, Func<Rectifier, double> slopeSquare)
    {
        SignalFlow theory = new(network, corrected: false, weight => Square(std(weight)), slopeSquare);
        SignalFlow corrected = new(network, corrected: true, weight => Square(std(weight)), slopeSquare);
        List<LayerPrediction> layers = [];
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            if (network.Nodes[i].Weight is { } weight)
            {
                int x = network.Nodes[i].Sources[0];
                double forward = theory.Maps[x].Gain * weight.FanIn;
                double backward = theory.Gradient(i + 1).Gain * weight.FanOut;
                layers.Add(new LayerPrediction
                {
                    Name = network.Nodes[i].Layer.Name,
                    FanIn = weight.FanIn,
                    FanOut = weight.FanOut,
                    Std = std(weight),
                    ForwardStd = Math.Sqrt(1.0 / forward),
                    BackwardStd = Math.Sqrt(1.0 / backward),
                    ForwardFactor = forward * Square(std(weight)),
                    BackwardFactor = backward * Square(std(weight)),
                    Theory = new Signal(theory.Maps[i + 1].Mean, theory.Gradient(x).Mean),
                    Corrected = new Signal(corrected.Maps[i + 1].Mean, corrected.Gradient(x).Mean),
                });
            }
        }

        return layers.Count > 0
            ? new PropagationPrediction(layers, Omissions.Of(network, corrected))
            : throw new RectifyException($"The network {network.Name} has no layer with weights: there is nothing to predict.");
    }

    private static double Square(double value) => value * value;
}
