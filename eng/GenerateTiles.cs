#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property TreatWarningsAsErrors=false
// Writes the register tiles of the matrix micro-kernel: src/Rectify/Kernels/Gemm/Tiles{1,2}.g.cs.
// Run from the repository root: dotnet run eng/GenerateTiles.cs
// Accumulators must be named locals to live in registers, so each number of rows is a method of its own.
using System.Text;

const int MaxRows = 14;
string folder = Path.Combine("src", "Rectify", "Kernels", "Gemm");
if (!Directory.Exists(folder))
{
    Console.Error.WriteLine($"There is no {folder} here; run this from the root of the repository.");
    return 1;
}

foreach (int columns in (int[])[1, 2])
{
    File.WriteAllText(Path.Combine(folder, $"Tiles{columns}.g.cs"), Tiles(columns).Replace("\r\n", "\n"));
}

return 0;

static string Tiles(int columns)
{
    var o = new StringBuilder();
    o.Append($$"""
        // Written by eng/GenerateTiles.cs; change that and run it again.
        using System.Runtime.CompilerServices;
        using Rectify.Kernels.Simd;

        namespace Rectify.Kernels.Gemm;

        /// <summary>Register tiles of 1..{{MaxRows}} rows × {{columns}} vector{{(columns > 1 ? "s" : "")}}: C (+)= A·B over a depth.</summary>
        /// <remarks>See <see cref="Tile{V}"/> for the operands. The sum over the depth is sequential in one accumulator an element.</remarks>
        internal static unsafe class Tiles{{columns}}<V>
            where V : struct, ILanes<V>
        {
            /// <summary>Runs the tile that has <paramref name="rows"/> rows.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static void Run(int rows, in Tile<V> tile)
            {
                switch (rows)
                {

        """);
    for (int rows = MaxRows; rows >= 1; rows--)
    {
        o.Append($"            case {rows}: Rows{rows}(tile); break;\n");
    }

    o.Append("            default: throw new ArgumentOutOfRangeException(nameof(rows));\n        }\n    }\n");
    for (int rows = 1; rows <= MaxRows; rows++)
    {
        Method(o, rows, columns);
    }

    return o.Append("}\n").ToString();
}

static void Method(StringBuilder o, int rows, int columns)
{
    o.Append($"\n    [MethodImpl(MethodImplOptions.AggressiveOptimization)]\n    private static void Rows{rows}(in Tile<V> tile)\n    {{\n");
    o.Append("        byte* a = (byte*)tile.A;\n");
    if (rows > 5)
    {
        o.Append("        byte* a5 = a + (5 * tile.ARow);\n");
    }

    if (rows > 10)
    {
        o.Append("        byte* a10 = a + (10 * tile.ARow);\n");
    }

    o.Append("        float* b0 = tile.B0;\n");
    if (columns > 1)
    {
        o.Append("        float* b1 = tile.B1;\n");
    }

    if (rows > 1)
    {
        o.Append("        nint row = tile.ARow;\n");
    }

    if (rows > 3)
    {
        o.Append("        nint row3 = 3 * row;\n");
    }

    o.Append("        nint step = tile.AStep;\n        nint lines = tile.MoreLines;\n        byte* ahead = (byte*)tile.Ahead;\n        nint aheadStep = tile.AheadStep;\n");
    for (int i = 0; i < rows; i++)
    {
        o.Append($"        V {Join(columns, j => $"s{i}_{j} = V.Zero")};\n");
    }

    o.Append("        do\n        {\n            for (nint depth = tile.Depth; depth > 0; depth--)\n            {\n");
    o.Append($"                V {Join(columns, j => $"x{j} = V.Load(b{j})")};\n                V t;\n");
    for (int i = 0; i < rows; i++)
    {
        o.Append($"                t = V.Broadcast(*(float*)({Address(i)}));");
        for (int j = 0; j < columns; j++)
        {
            o.Append($" s{i}_{j} = V.MultiplyAdd(t, x{j}, s{i}_{j});");
        }

        o.Append('\n');
    }

    o.Append("                Tile<V>.Prefetch(ahead);\n                ahead += aheadStep;\n");
    Advance("                ", "step");
    for (int j = 0; j < columns; j++)
    {
        o.Append($"                b{j} += Tile<V>.BStep;\n");
    }

    o.Append("            }\n\n");
    Advance("            ", "tile.ASkip");
    o.Append("        }\n        while (--lines >= 0);\n\n");
    for (int i = 0; i < rows; i++)
    {
        o.Append($"        tile.Put({i}, {Join(columns, j => $"s{i}_{j}")});\n");
    }

    o.Append("    }\n");

    void Advance(string indent, string by)
    {
        o.Append($"{indent}a += {by};\n");
        if (rows > 5)
        {
            o.Append($"{indent}a5 += {by};\n");
        }

        if (rows > 10)
        {
            o.Append($"{indent}a10 += {by};\n");
        }
    }
}

static string Join(int count, Func<int, string> item) => string.Join(", ", Enumerable.Range(0, count).Select(item));

// Base registers every fifth row; within them 0, 1, 2, 3, 4 row strides, which x86 addresses with a scaled index.
static string Address(int row)
{
    string at = row >= 10 ? "a10" : row >= 5 ? "a5" : "a";
    return (row % 5) switch { 0 => at, 1 => $"{at} + row", 2 => $"{at} + (2 * row)", 3 => $"{at} + row3", _ => $"{at} + (4 * row)" };
}
