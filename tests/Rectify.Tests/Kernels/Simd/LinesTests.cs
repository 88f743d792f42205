using Rectify.Kernels.Simd;

namespace Rectify.Tests.Kernels.Simd;

public sealed unsafe class LinesTests
{
    private const int Longest = 70;

    public static TheoryData<Isa> Widths => KernelTestBench.WidthData;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Copy_EveryLength_CopiesBitsAndNothingElse(Isa isa)
    {
        for (int length = 0; length <= Longest; length++)
        {
            float[] content = KernelTestBench.Uniform(length, 1, length);
            if (length > 2)
            {
                (content[0], content[length - 1]) = (-0f, float.NaN);
            }

            GuardedFloats source = new(content), destination = new(length);
            fixed (float* from = source.Span, to = destination.Span)
            {
                switch (isa)
                {
                    case Isa.V512: Lines<Lanes512>.Copy(from, to, length); break;
                    case Isa.V256: Lines<Lanes256>.Copy(from, to, length); break;
                    case Isa.V128: Lines<Lanes128>.Copy(from, to, length); break;
                    default: Lines<Lanes1>.Copy(from, to, length); break;
                }
            }

            KernelTestBench.AssertSameBits(destination.AssertIntact($"{isa}, length {length}"), content, $"{isa}, length {length}");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Zero_EveryLength_ClearsAndNothingElse(Isa isa)
    {
        for (int length = 0; length <= Longest; length++)
        {
            GuardedFloats destination = new(length);
            fixed (float* to = destination.Span)
            {
                switch (isa)
                {
                    case Isa.V512: Lines<Lanes512>.Zero(to, length); break;
                    case Isa.V256: Lines<Lanes256>.Zero(to, length); break;
                    case Isa.V128: Lines<Lanes128>.Zero(to, length); break;
                    default: Lines<Lanes1>.Zero(to, length); break;
                }
            }

            KernelTestBench.AssertSameBits(destination.AssertIntact($"{isa}, length {length}"), new float[length], $"{isa}, length {length}");
        }
    }
}
