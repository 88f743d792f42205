using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Rectify.Data;
using Rectify.Layers;

namespace Rectify.Evaluation;

/// <summary>Tells trained networks apart.</summary>
/// <remarks>Covered, in the network's order: each parameter's name, its dimensions and its values as files hold them, float32; then the mean's values. Not covered: layers that
/// learn nothing, which the names of the others hardly leave open.</remarks>
public static class ModelFingerprint
{
    /// <summary>SHA-256 of a network's weights and of the mean that it subtracts: 64 lower-case hexadecimal digits.</summary>
    public static string Of(Network network, MeanImage mean)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(mean);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Parameter parameter in network.Parameters)
        {
            float[] values = new float[checked((int)parameter.Count)];
            parameter.ToFile(parameter.Values, values);
            hash.AppendData(Encoding.UTF8.GetBytes($"{parameter.Name} [{string.Join(',', parameter.Dimensions)}]\n"));
            Append(hash, values);
        }

        hash.AppendData(Encoding.UTF8.GetBytes($"mean [{mean.Size},{mean.Size},3]\n"));
        Append(hash, mean.Values);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<float> values)
    {
        const int Piece = 4096;
        byte[] bytes = new byte[Piece * sizeof(float)];
        for (int from = 0; from < values.Length; from += Piece)
        {
            int count = Math.Min(Piece, values.Length - from);
            for (int i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[from + i]);
            }

            hash.AppendData(bytes.AsSpan(0, count * sizeof(float)));
        }
    }
}
