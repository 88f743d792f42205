using Rectify.Kernels.Threading;
using Rectify.Tensors;

namespace Rectify.Kernels.Loss;

/// <summary>Softmax with cross-entropy: loss = log Σ exp zⱼ − z_label, dz = (softmax z − onehot)·scale. Stable for any finite logits: the largest is subtracted first.</summary>
/// <remarks>Computed in float64. A NaN or +∞ among the logits gives a NaN loss.</remarks>
public static unsafe class SoftmaxCrossEntropy
{
    /// <summary>Losses and the gradient of the logits.</summary>
    /// <param name="logits">[N,1,1,K].</param>
    /// <param name="z">The logits.</param>
    /// <param name="labels">N classes in 0..K−1.</param>
    /// <param name="scale">What the gradient is multiplied by: 1/(mini-batch) for a mean.</param>
    /// <param name="losses">N losses, not scaled; overwritten.</param>
    /// <param name="dz">Gradient, like z; overwritten, surplus lanes with zero. Empty for none. May be z.</param>
    /// <param name="context">Threads.</param>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public static void Run(MapShape logits, ReadOnlySpan<float> z, ReadOnlySpan<int> labels, double scale, Span<double> losses, Span<float> dz, KernelContext context)
    {
        for (int i = 0; i < logits.N; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)labels[i], (uint)logits.C, nameof(labels));
        }

        fixed (float* zStart = z, dzStart = dz)
        fixed (int* labelsStart = labels)
        fixed (double* lossesStart = losses)
        {
            Job job = new(logits, zStart, labelsStart, scale, lossesStart, dzStart);
            context.Workers.Run(logits.N, ref job);
        }
    }

    /// <summary>p = softmax z, image by image.</summary>
    /// <param name="logits">[N,1,1,K].</param>
    /// <param name="z">The logits.</param>
    /// <param name="probabilities">N·K probabilities, packed; overwritten.</param>
    public static void Probabilities(MapShape logits, ReadOnlySpan<float> z, Span<float> probabilities)
    {
        for (int i = 0; i < logits.N; i++)
        {
            ReadOnlySpan<float> row = z.Slice(i * logits.Pitch, logits.C);
            Span<float> p = probabilities.Slice(i * logits.C, logits.C);
            double max = Max(row);
            double sum = 0.0;
            for (int k = 0; k < row.Length; k++)
            {
                sum += Math.Exp(row[k] - max);
            }

            for (int k = 0; k < row.Length; k++)
            {
                p[k] = (float)(Math.Exp(row[k] - max) / sum);
            }
        }
    }

    /// <summary>p = softmax z in float64, image by image.</summary>
    /// <param name="logits">[N,1,1,K].</param>
    /// <param name="z">The logits.</param>
    /// <param name="probabilities">N·K probabilities, packed; overwritten.</param>
    /// <param name="context">Threads.</param>
    public static void Probabilities(MapShape logits, ReadOnlySpan<float> z, Span<double> probabilities, KernelContext context)
    {
        fixed (float* zStart = z)
        fixed (double* start = probabilities)
        {
            ProbabilityJob job = new(logits, zStart, start);
            context.Workers.Run(logits.N, ref job);
        }
    }

    private static double Max(ReadOnlySpan<float> row)
    {
        float max = row[0];
        foreach (float z in row)
        {
            max = MathF.Max(max, z);
        }

        return max;
    }

    private readonly struct Job(MapShape logits, float* z, int* labels, double scale, double* losses, float* dz) : IChunkJob
    {
        private readonly int _classes = logits.C;
        private readonly int _pitch = logits.Pitch;
        private readonly float* _z = z;
        private readonly int* _labels = labels;
        private readonly double _scale = scale;
        private readonly double* _losses = losses;
        private readonly float* _dz = dz;

        public void Run(int chunk, int worker)
        {
            ReadOnlySpan<float> z = new(_z + ((nint)chunk * _pitch), _classes);
            int label = _labels[chunk];
            double max = Max(z);
            double sum = 0.0;
            foreach (float value in z)
            {
                sum += Math.Exp(value - max);
            }

            _losses[chunk] = Math.Log(sum) + max - z[label];
            if (_dz is null)
            {
                return;
            }

            float* dz = _dz + ((nint)chunk * _pitch);
            for (int k = 0; k < _classes; k++)
            {
                dz[k] = (float)(((Math.Exp(z[k] - max) / sum) - (k == label ? 1.0 : 0.0)) * _scale);
            }

            for (int k = _classes; k < _pitch; k++)
            {
                dz[k] = 0f;
            }
        }
    }

    private readonly struct ProbabilityJob(MapShape logits, float* z, double* probabilities) : IChunkJob
    {
        private readonly int _classes = logits.C;
        private readonly int _pitch = logits.Pitch;
        private readonly float* _z = z;
        private readonly double* _probabilities = probabilities;

        public void Run(int chunk, int worker)
        {
            ReadOnlySpan<float> z = new(_z + ((nint)chunk * _pitch), _classes);
            Span<double> p = new(_probabilities + ((nint)chunk * _classes), _classes);
            double max = Max(z);
            double sum = 0.0;
            for (int k = 0; k < z.Length; k++)
            {
                p[k] = Math.Exp(z[k] - max);
                sum += p[k];
            }

            for (int k = 0; k < p.Length; k++)
            {
                p[k] /= sum;
            }
        }
    }
}
