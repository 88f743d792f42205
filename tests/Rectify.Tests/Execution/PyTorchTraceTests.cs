using System.Reflection;
using System.Text.Json;
using Rectify.Kernels;
using Rectify.Kernels.Loss;
using Rectify.Kernels.Optimization;
using Rectify.Layers;
using Rectify.Models;
using Rectify.Tensors;

namespace Rectify.Tests.Execution;

/// <summary>Ten steps of small14's small form against the same steps in PyTorch in float64.</summary>
/// <remarks>Fixtures/record_trace.py recorded them and says how.</remarks>
public sealed class PyTorchTraceTests
{
    private const int Batch = 8;
    private const int Crop = 24;
    private const int Classes = 10;
    private const float Momentum = 0.9f;
    private const float Decay = 0.0005f;

    // float32 against float64: the losses were off by 1e-7 when recorded. No decay is off by 1e-3, the rate outside the velocity by 4e-3.
    private const double Tolerance = 2e-5;

    // Of a tensor's rms; its small elements are sums with much cancelling.
    private const double GradientTolerance = 1e-4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Losses_TenSteps_AreThoseOfPyTorch(int workers)
    {
        double[] expected = Trace().GetProperty("losses").EnumerateArray().Select(e => e.GetDouble()).ToArray();
        double[] losses = Train(workers: workers);
        Assert.Equal(10, expected.Length);
        for (int step = 0; step < expected.Length; step++)
        {
            double error = Math.Abs((losses[step] / expected[step]) - 1.0);
            Assert.True(error <= Tolerance, $"Step {step}: loss {losses[step]:g9}, PyTorch {expected[step]:g9}, relative error {error:g3}.");
        }
    }

    [Fact]
    public void Gradients_FirstStep_AreThoseOfPyTorch()
    {
        JsonElement gradients = Trace().GetProperty("gradients");
        List<string> wrong = [];
        int compared = 0;
        Train(steps: 1, afterBackward: run =>
        {
            foreach (Parameter parameter in run.Plan.Network.Parameters)
            {
                JsonElement expected = gradients.GetProperty(parameter.Name);
                double expectedRms = expected.GetProperty("rms").GetDouble();
                float[] gradient = run.Gradient(parameter);
                double rms = Math.Sqrt(gradient.Sum(g => (double)g * g) / gradient.Length);
                if (Math.Abs((rms / expectedRms) - 1.0) > GradientTolerance)
                {
                    wrong.Add($"{parameter}: rms {rms:g9}, PyTorch {expectedRms:g9}");
                }

                int[] indices = [.. expected.GetProperty("index").EnumerateArray().Select(e => e.GetInt32())];
                double[] values = [.. expected.GetProperty("value").EnumerateArray().Select(e => e.GetDouble())];
                foreach ((int index, double value) in indices.Zip(values))
                {
                    compared++;
                    double error = Math.Abs(gradient[index] - value) / expectedRms;
                    if (error > GradientTolerance)
                    {
                        wrong.Add($"{parameter}[{index}]: {gradient[index]:g9}, PyTorch {value:g9}, off by {error:g3} of the rms");
                    }
                }
            }
        });
        Assert.True(compared > 700, $"Only {compared} elements were compared.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Losses_WithoutDecayOrWithDecayOfAllOrWithRateOutside_Differ()
    {
        double right = Train()[^1];
        Assert.True(Math.Abs((Train(decay: 0f)[^1] / right) - 1.0) > 20 * Tolerance, "no decay");
        Assert.True(Math.Abs((Train(decaySlopes: true)[^1] / right) - 1.0) > 20 * Tolerance, "decay of slopes and biases");
        Assert.True(Math.Abs((Train(rateOutside: true)[^1] / right) - 1.0) > 20 * Tolerance, "rate outside the velocity");
    }

    private static double[] Train(
        int steps = 10,
        int workers = 1,
        float decay = Decay,
        bool decaySlopes = false,
        bool rateOutside = false,
        Action<PlanRun>? afterBackward = null)
    {
        using Network network = Build();
        using PlanRun run = new(network, MapShape.Image(Batch, Crop, Crop, 3), workers: workers, inputGradient: false);
        KernelContext context = run.Workspace.Context;
        float[] x = Photos();
        int[] labels = [.. Enumerable.Range(0, Batch).Select(i => ((7 * i) + 3) % Classes)];
        Dictionary<Parameter, float[]> velocity = network.Parameters.ToDictionary(p => p, p => new float[p.StoredLength]);
        double[] sampleLosses = new double[Batch];
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++)
        {
            run.Workspace.ClearGradients();
            run.Forward(x);
            SoftmaxCrossEntropy.Run(
                run.Workspace.OutputShape, run.Workspace.Output, labels, 1.0 / Batch, sampleLosses, run.Workspace.OutputGradient, context);
            losses[step] = sampleLosses.Average();
            run.Plan.Backward(run.Workspace);
            afterBackward?.Invoke(run);
            foreach (Parameter parameter in network.Parameters)
            {
                float rate = step < 5 ? 0.01f : 0.001f;
                float itsDecay = decaySlopes || parameter.Decays(decayBiases: false) ? decay : 0f;
                float[] v = velocity[parameter];
                if (rateOutside)
                {
                    RateOutside(parameter.Values, run.Workspace.Gradient(parameter), v, rate, itsDecay);
                }
                else
                {
                    MomentumKernel.Run(parameter.Values, run.Workspace.Gradient(parameter), v, new MomentumRule(rate, Momentum, itsDecay), context);
                }
            }
        }

        return losses;
    }

    // PyTorch's own momentum: the same while the rate is constant.
    private static void RateOutside(Span<float> w, ReadOnlySpan<float> dw, Span<float> v, float rate, float decay)
    {
        for (int i = 0; i < w.Length; i++)
        {
            v[i] = (Momentum * v[i]) + dw[i] + (decay * w[i]);
            w[i] -= rate * v[i];
        }
    }

    private static Network Build()
    {
        ModelOptions options = new() { Classes = Classes, Crop = Crop, Width = 0.1, Activation = ActivationKind.PReLU, Dropout = 0f };
        Network network = ModelBuilder.Build("small14", options);
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            Parameter parameter = network.Parameters[i];
            double bound = parameter is Weight w ? 0.7 * Math.Sqrt(3.0) * Math.Sqrt(2.0 / ((1.0 + (0.25 * 0.25)) * w.FanIn)) : 0.0;
            float[] values = Hashed(i, (int)parameter.Count, bound);
            if (parameter is Slope)
            {
                Array.Fill(values, 0.25f);
            }

            parameter.FromFile(values, parameter.Values);
        }

        return network;
    }

    private static float[] Photos()
    {
        float[] noise = Hashed(1000, Batch * Crop * Crop * 3, 64.0);
        float[] colour = Hashed(1001, Batch * 2 * 2 * 3, 64.0);
        for (int i = 0; i < noise.Length; i++)
        {
            (int c, int w, int h, int n) = (i % 3, i / 3 % Crop, i / 3 / Crop % Crop, i / 3 / Crop / Crop);
            noise[i] += colour[(((((n * 2) + (h / (Crop / 2))) * 2) + (w / (Crop / 2))) * 3) + c];
        }

        return noise;
    }

    private static float[] Hashed(int tensor, int count, double bound)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            uint x = unchecked(((uint)i * 0x9E3779B1u) + ((uint)tensor * 0x85EBCA77u) + 0x165667B1u);
            for (int round = 0; round < 2; round++)
            {
                x = unchecked((x ^ (x >> 15)) * 0x2C1B3C6Du);
                x = unchecked((x ^ (x >> 12)) * 0x297A2D39u);
            }

            x ^= x >> 15;
            values[i] = (float)(((x >> 8) / (double)(1 << 23) - 1.0) * bound);
        }

        return values;
    }

    private static JsonElement Trace()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("small14-trace.json")
            ?? throw new InvalidOperationException("The tests were built without Fixtures/small14-trace.json.");
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
