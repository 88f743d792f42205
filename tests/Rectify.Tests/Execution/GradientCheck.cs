using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Tests.Execution;

/// <summary>The twin's gradients of Σ dy·y against central differences, at some elements of the input and of every parameter.</summary>
internal static class GradientCheck
{
    // y is piecewise linear in any one element, so there is no truncation error, and a step this small stays inside the kink window.
    private const double Step = 1e-6;
    private const double KinkWindow = 3e-5;
    private const double Tolerance = 1e-6;
    private const int Elements = 6;

    /// <returns>False if the net was too near a kink to be checked.</returns>
    public static bool Run(NetworkTwin twin, Network network, MapShape input, double[] x, double[] dy, string where)
    {
        twin.Forward(x);
        if (twin.Margin < KinkWindow)
        {
            return false;
        }

        double[] dx = twin.Backward(dy);
        Check(twin, x, dy, x, dx, Lanes(input), $"{where}, x");
        foreach (Parameter parameter in network.Parameters)
        {
            Check(twin, x, dy, twin.Values[parameter], twin.Gradients[parameter], Lanes(parameter), $"{where}, {parameter}");
        }

        return true;
    }

    private static void Check(NetworkTwin twin, double[] x, double[] dy, double[] values, double[] gradient, int[] lanes, string where)
    {
        double rms = Math.Sqrt(lanes.Sum(i => gradient[i] * gradient[i]) / lanes.Length);
        for (int at = 0; at < Elements; at++)
        {
            int i = lanes[(int)((long)at * lanes.Length / Elements)];
            double value = values[i];
            values[i] = value + Step;
            double above = Objective(twin, x, dy);
            values[i] = value - Step;
            double below = Objective(twin, x, dy);
            values[i] = value;
            double difference = (above - below) / (2 * Step);

            // The objective is of the order of 100 and rounds at 1e-14: 1e-8 over the step.
            Assert.True(
                Math.Abs(difference - gradient[i]) <= (Tolerance * rms) + 1e-7,
                $"{where}, element {i} (value {value:g6}): gradient {gradient[i]:g9}, central difference {difference:g9}.");
        }
    }

    private static double Objective(NetworkTwin twin, double[] x, double[] dy)
    {
        double sum = 0.0;
        double[] y = twin.Forward(x);
        for (int i = 0; i < y.Length; i++)
        {
            sum += dy[i] * y[i];
        }

        return sum;
    }

    // Where the numbers that mean something lie.
    private static int[] Lanes(MapShape map) => [.. Enumerable.Range(0, map.Length).Where(i => i % map.Pitch < map.C)];

    private static int[] Lanes(Parameter parameter)
    {
        float[] marks = new float[parameter.Count];
        Array.Fill(marks, 1f);
        float[] stored = new float[parameter.StoredLength];
        parameter.FromFile(marks, stored);
        return [.. Enumerable.Range(0, stored.Length).Where(i => stored[i] != 0f)];
    }
}
