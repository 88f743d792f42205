using System.Reflection;
using System.Text.Json;
using Rectify.Formats;
using Rectify.Tests.Execution;

namespace Rectify.Tests.Training;

/// <summary>A small VGG as torchvision has it: its weights and pictures are formulas, its names and scores recorded (Fixtures/record_torchvision.py).</summary>
internal sealed class TorchvisionTwin
{
    public const int Crop = 64;
    public const double Width = 1.0 / 16;

    private TorchvisionTwin(JsonElement model)
    {
        Model = model.GetProperty("model").GetString()!;
        Tensors = [.. model.GetProperty("tensors").EnumerateArray().Select((tensor, number) => Tensor(tensor, number))];
        Scores = [.. model.GetProperty("scores").EnumerateArray().Select(picture => picture.EnumerateArray().Select(score => score.GetDouble()).ToArray())];
    }

    public string Model { get; }

    public List<(string Name, int[] Shape, float[] Values)> Tensors { get; }

    /// <summary>Of each picture, by PyTorch in float64.</summary>
    public double[][] Scores { get; }

    public static TorchvisionTwin Of(string model)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("torchvision.json")!;
        using JsonDocument document = JsonDocument.Parse(stream);
        return new TorchvisionTwin(document.RootElement.GetProperty("models").EnumerateArray().Single(each => each.GetProperty("model").GetString() == model));
    }

    /// <summary>[Crop,Crop,3], RGB 0..255.</summary>
    public static float[] Picture(int index)
    {
        float[] noise = Hashed(Crop * Crop * 3, 1000 + index);
        return [.. noise.Select((value, i) =>
            (float)Math.Floor((((i / (3 * Crop) * (1 + index)) + (i / 3 % Crop * 2) + (i % 3 * 30)) % 192) + (63 * ((double)value + 0.5))))];
    }

    /// <summary>The same tensors as timm names and shapes them.</summary>
    public TorchvisionTwin AsTimm()
    {
        (string From, string To, int[] Map)[] names = [("classifier.0", "pre_logits.fc1", [2, 2]), ("classifier.3", "pre_logits.fc2", [1, 1]), ("classifier.6", "head.fc", [])];
        for (int i = 0; i < Tensors.Count; i++)
        {
            (string name, int[] shape, float[] values) = Tensors[i];
            foreach ((string from, string to, int[] map) in names.Where(each => name.StartsWith(each.From + ".", StringComparison.Ordinal)))
            {
                int[] reshaped = shape.Length == 2 && map.Length == 2 ? [shape[0], shape[1] / (map[0] * map[1]), .. map] : shape;
                Tensors[i] = (to + name[from.Length..], reshaped, values);
            }
        }

        return this;
    }

    public string Write(string path)
    {
        SafetensorsWriter writer = new();
        foreach ((string name, int[] shape, float[] values) in Tensors)
        {
            writer.Add(name, shape, file => values.CopyTo(file));
        }

        AtomicFile.Write(path, writer.Write);
        return path;
    }

    /// <summary>A network's scores of the pictures, less a mean.</summary>
    public static double[][] ScoresOf(Rectify.Layers.Network network, Rectify.Data.MeanImage mean)
    {
        using PlanRun run = new(network, network.Input.WithBatch(2), Rectify.Execution.ExecutionMode.Inference);
        float[] scores = run.Forward([.. Enumerable.Range(0, 2).SelectMany(index => Picture(index).Select((pixel, i) => pixel - mean.Values[i]))]);
        return [.. scores.Chunk(scores.Length / 2).Select(chunk => chunk.Select(score => (double)score).ToArray())];
    }

    private static (string Name, int[] Shape, float[] Values) Tensor(JsonElement tensor, int number)
    {
        int[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32())];
        float scale = (float)tensor.GetProperty("scale").GetDouble();
        return (tensor.GetProperty("name").GetString()!, shape, [.. Hashed(shape.Aggregate(1, (product, d) => product * d), number).Select(value => value * scale)]);
    }

    // As in the recording script: -0.5..0.5 with 16 bits.
    private static float[] Hashed(int count, int seed)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            uint h = unchecked(((uint)i * 2654435761u) + ((uint)seed * 40503u));
            h ^= h >> 15;
            h = unchecked(h * 2246822519u);
            h ^= h >> 13;
            values[i] = (float)(((h & 0xFFFF) / 65536.0) - 0.5);
        }

        return values;
    }
}
