using System.Globalization;
using Rectify.Kernels.Pooling;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Diagnostics;

/// <summary>Finds what the paper's theory leaves out of a network.</summary>
internal static class Omissions
{
    public static IReadOnlyList<Omission> Of(Network network, SignalFlow flow)
    {
        MapShape[] shapes = [network.Input, .. network.Shapes(network.Input)];
        List<Omission> found =
        [
            new(OmissionKind.Input, network.Nodes[0].Layer.Name, null, null, "the input's own scale: all responses are proportional to it, and no product knows it"),
        ];
        for (int i = 0; i < network.Nodes.Count; i++)
        {
            Node node = network.Nodes[i];
            if (Of(node, shapes[node.Sources[0]], shapes[i + 1], flow.Maps[node.Sources[0]].Positive) is { } omission)
            {
                found.Add(omission);
            }
        }

        return found;
    }

    private static Omission? Of(Node node, MapShape input, MapShape output, double positive)
    {
        (Layer layer, string name) = (node.Layer, node.Layer.Name);
        switch (layer)
        {
            case Convolution convolution:
                double taps = convolution.Window.R * convolution.Window.S;
                double met = SignalFlow.Rectangles(layer, input).Sum(r => (double)(r.Bottom - r.Top) * (r.Right - r.Left));
                double forward = met / (taps * output.H * output.W);
                double backward = met / (taps * input.H * input.W);
                return forward < 1.0 || backward < 1.0 ? new Omission(OmissionKind.Edges, name, forward, backward, Edges(convolution.Window, forward, backward)) : null;
            case AveragePool:
                double windows = (double)output.Pixels / input.Pixels;
                const string Mean = "average pooling: a mean is smaller than its terms unless they are alike, and each gets its share of the gradient alone";
                return new Omission(OmissionKind.Pooling, name, null, windows * windows, Mean);
            case MaxPool:
                return Maximum(OmissionKind.Pooling, "max pooling: the largest of several responses is larger than one of them, and its gradient goes to one place alone");
            case SpatialPyramidPool:
                return Maximum(OmissionKind.Pyramid, "pyramid pooling: maxima of large bins, in which neighbours are alike: less than the factor says");
            case Dropout dropout:
                double kept = 1.0 / (1.0 - dropout.Rate);
                return new Omission(OmissionKind.Dropout, name, kept, kept, "dropout in training: what is kept is enlarged");
            case Residual:
                const string Sum = "a sum: second moments add if its terms are independent and one has zero mean; a rectifier right after it need not halve";
                return new Omission(OmissionKind.Join, name, null, null, Sum);
            case Concatenation:
                return new Omission(OmissionKind.Join, name, null, null, "a concatenation: forward the mean of its branches, backward the sum");
            default:
                return null;
        }

        Omission Maximum(OmissionKind kind, string why)
        {
            IReadOnlyList<PixelRectangle> rectangles = SignalFlow.Rectangles(layer, input);
            Moments uniform = Moments.Uniform(input.H, input.W, 1.0, positive);
            return new Omission(kind, name, uniform.Maxima(rectangles, output.H).Mean, (double)rectangles.Count / (input.H * input.W), why);
        }
    }

    private static string Edges(Window window, double forward, double backward) => string.Create(
        CultureInfo.InvariantCulture,
        $"{window}: {100 * (1 - forward):F1} % of the taps see padding, and a gradient's place has {100 * (1 - backward):F1} % fewer filters over it than n̂ counts");
}
