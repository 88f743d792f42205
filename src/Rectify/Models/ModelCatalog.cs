using Rectify.Tensors;

namespace Rectify.Models;

/// <summary>The paper's networks, line by line as in its tables.</summary>
/// <remarks>
/// Not stated in the paper: the padding of small14 and small30. Here conv1 has none (224 → 109), pool1 rounds down (→ 36), and the 2×2 layers alternate padding 0
/// and 1 (36 → 35 → 36, 18 → 17 → 18), which stays centred and gives the 36 and 18 of its source (He and Sun, Convolutional neural networks at constrained time cost).
/// The forms for small crops are ours.
/// </remarks>
public static class ModelCatalog
{
    /// <summary>All models.</summary>
    public static IReadOnlyList<ModelSpecification> All { get; } =
    [
        new("small14", "the 14-layer model of Table 1", Small(6, small: false), Small(6, small: true)),
        new("small30", "Table 1 with sixteen more 256-filter layers: 27 conv + 3 fc", Small(22, small: false), Small(22, small: true)),
        new("a", "model A of Table 3, 19 layers", Large(5, 5, 5, 256, 512, 512)),
        new("b", "model B of Table 3, 22 layers", Large(6, 6, 6, 256, 512, 512)),
        new("c", "model C of Table 3, 22 layers, wider", Large(6, 6, 6, 384, 768, 896)),
        new("vgg16", "VGG-16", Vgg(2, 2, 3, 3, 3)),
        new("vgg19", "VGG-19, as in Table 3", Vgg(2, 2, 4, 4, 4)),
        new("vgg-b", "the VGG team's model B, 10 conv layers", Vgg(2, 2, 2, 2, 2)),
    ];

    /// <summary>The model of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static ModelSpecification Find(string name) =>
        All.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException($"There is no model '{name}'; choose one of {string.Join(", ", All.Select(model => model.Name))}.");

    // Table 1: conv1 7×7,64,/2; pool1 3×3,/3; four 2×2,128; pool2 2×2,/2; six (or 22) 2×2,256; spp {6,3,2,1}; fc 4096, 4096, classes.
    private static ModelPart[] Small(int deepLayers, bool small) =>
    [
        small ? new Conv(3, 64, Pad: 1) : new Conv(7, 64, Stride: 2),
        small ? new Pool(2, 2) : new Pool(3, 3),
        .. Alternating(4, 128),
        new Pool(2, 2),
        .. Alternating(deepLayers, 256),
        small ? new Pyramid(4, 2, 1) : new Pyramid(6, 3, 2, 1),
        new Hidden(small ? 512 : 4096),
        new Hidden(small ? 512 : 4096),
    ];

    private static IEnumerable<ModelPart> Alternating(int layers, int filters) =>
        Enumerable.Range(0, layers).Select(i => new Conv(2, filters, Pad: i % 2));

    // Table 3, A, B, C: 7×7,96,/2; pool; 3×3 layers at 56, 28, 14 with pools between; spp {7,3,2,1}; fc 4096, 4096, classes.
    private static ModelPart[] Large(int at56, int at28, int at14, int filters56, int filters28, int filters14) =>
    [
        new Conv(7, 96, Stride: 2, Pad: 3),
        new Pool(2, 2),
        .. Threes(at56, filters56),
        new Pool(2, 2),
        .. Threes(at28, filters28),
        new Pool(2, 2),
        .. Threes(at14, filters14),
        new Pyramid(7, 3, 2, 1),
        new Hidden(4096),
        new Hidden(4096),
    ];

    private static ModelPart[] Vgg(int at224, int at112, int at56, int at28, int at14) =>
    [
        .. Threes(at224, 64),
        new Pool(2, 2),
        .. Threes(at112, 128),
        new Pool(2, 2),
        .. Threes(at56, 256),
        new Pool(2, 2),
        .. Threes(at28, 512),
        new Pool(2, 2),
        .. Threes(at14, 512),
        new Pool(2, 2),
        new Hidden(4096),
        new Hidden(4096),
    ];

    private static IEnumerable<ModelPart> Threes(int layers, int filters) => Enumerable.Repeat(new Conv(3, filters, Pad: 1), layers);
}
